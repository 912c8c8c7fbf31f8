"""`dataclasses.asdict` reads every field, here for an index of a search engine."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any

from purposegate import Personal


@dataclass(slots=True)
class Profile:
    id: str
    attributes: Annotated[list[str], Personal("attribute_information")]


class SearchIndex:
    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Any]] = {}

    def add(self, profile: Profile) -> None:
        self.documents[profile.id] = asdict(profile)  # finds: unguarded-read
