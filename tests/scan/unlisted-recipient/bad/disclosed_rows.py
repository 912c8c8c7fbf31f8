"""Rows are disclosed to an employer with a column that is not provided."""

from typing import Annotated, Any, TypedDict

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class ApplicantRow(TypedDict):
    id: str
    name: Annotated[str, Personal("name")]
    device: Annotated[str, Personal("terminal_information")]


def csv_rows(rows: list[ApplicantRow], employer: str) -> Any:
    return gate.disclose(rows, "view_video_interview", f"employer_company/{employer}", as_type=list[ApplicantRow])  # finds: unlisted-recipient
