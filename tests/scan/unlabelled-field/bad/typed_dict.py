"""A row of an import has names and no label."""

from typing import TypedDict

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


class ImportedRow(TypedDict):
    id: int
    first_name: str  # finds: unlabelled-field
    last_name: str  # finds: unlabelled-field
