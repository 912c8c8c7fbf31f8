"""What the employer may not see is replaced by a marker."""

from typing import Annotated, Any, TypedDict

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class ApplicantRow(TypedDict):
    id: str
    name: Annotated[str, Personal("name")]
    device: Annotated[str, Personal("terminal_information")]


def csv_rows(rows: list[ApplicantRow], employer: str) -> Any:
    to = f"employer_company/{employer}"
    return gate.disclose(rows, "view_video_interview", to, as_type=list[ApplicantRow], on_denied="mark", marker="-")
