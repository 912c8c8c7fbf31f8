"""The row."""

from typing import Annotated, TypedDict

from purposegate import Personal


class CandidateRow(TypedDict):
    id: int
    name: Annotated[str, Personal("name")]
    answer: Annotated[str, Personal("survey_response")]  # finds: label-never-used
