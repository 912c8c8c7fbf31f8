"""A mixin that knows no model makes a dictionary of whatever derives from it."""

from dataclasses import asdict, dataclass
from typing import Annotated

from purposegate import Personal


class Serialisable:
    def to_dict(self) -> dict[str, object]:
        return asdict(self)  # finds: unguarded-read


@dataclass
class Applicant(Serialisable):
    id: str
    address: Annotated[str, Personal("email_address")]


def exported(applicant: Applicant) -> dict[str, object]:
    return applicant.to_dict()
