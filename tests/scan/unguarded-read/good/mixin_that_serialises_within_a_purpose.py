"""What a mixin serialises is under a purpose."""

from dataclasses import asdict, dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Serialisable:
    def to_dict(self) -> dict[str, object]:
        return asdict(self)


@dataclass
class Applicant(Serialisable):
    id: str
    address: Annotated[str, Personal("email_address")]


def exported(applicant: Applicant) -> dict[str, object]:
    with gate.purpose("send_service_email"):
        return applicant.to_dict()
