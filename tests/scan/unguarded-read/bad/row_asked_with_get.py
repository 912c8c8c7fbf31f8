"""`row.get("key")` reads like `row["key"]`."""

from typing import Annotated, NotRequired, TypedDict

from purposegate import Personal


class SurveyRow(TypedDict):
    id: int
    answer: NotRequired[Annotated[str, Personal("survey_response")]]


def answered(row: SurveyRow) -> str:
    return row.get("answer", "no answer")  # finds: unguarded-read
