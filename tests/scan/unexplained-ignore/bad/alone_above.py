"""The comment stands alone above the line, without a reason."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Personal


@dataclass
class Applicant:
    id: str
    name: Annotated[str, Personal("name")]


def title(applicant: Applicant) -> str:
    # finds below: unexplained-ignore
    # purposegate: ignore[unguarded-read]
    return applicant.name.title()  # finds: unguarded-read
