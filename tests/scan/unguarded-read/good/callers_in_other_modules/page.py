"""The other caller opens a purpose."""

from .formatting import Candidate
from .formatting import salutation as greet
from .mails import gate as the_gate


def welcome(candidate: Candidate) -> str:
    with the_gate.purpose("provide_service", "data_subject", subject=candidate.id):
        return greet(candidate)
