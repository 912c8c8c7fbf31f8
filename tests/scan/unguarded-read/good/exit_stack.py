"""The purpose is entered on a stack, and holds until the stack is closed."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


@dataclass
class Candidate:
    id: str
    email: Annotated[str, Personal("email_address")]


def write_list(candidates: list[Candidate], path: Path) -> None:
    with ExitStack() as stack:
        stack.enter_context(gate.purpose("send_service_email"))
        out = stack.enter_context(path.open("w"))
        for candidate in candidates:
            out.write(candidate.email + "\n")
