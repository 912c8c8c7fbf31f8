"""The gate of a house rule is asked for a category that has nothing to do with the field's."""

from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

published = Gate.load("policies/en-japan-video-interview.yaml")
magazine = Gate.load("tests/scan/policies/magazine.yaml")


@dataclass
class Reader:
    id: str
    visits: Annotated[list[str], Personal("usage_history")]


def recommended(reader: Reader) -> str:
    magazine.check("reading_history", "recommend_articles", subject=reader.id)
    return reader.visits[0]  # finds: unguarded-read
