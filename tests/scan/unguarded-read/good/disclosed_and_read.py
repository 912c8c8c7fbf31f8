"""What the gate has disclosed is plain data, and read like any."""

from typing import Annotated, TypedDict

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")


class ApplicantRow(TypedDict):
    id: str
    name: Annotated[str, Personal("name")]


def titles(rows: list[ApplicantRow], employer: str) -> list[str]:
    disclosed = gate.disclose(rows, "view_video_interview", f"employer_company/{employer}", as_type=list[ApplicantRow])
    return [each["name"] for each in disclosed]
