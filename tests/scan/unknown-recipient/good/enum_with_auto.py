"""`auto()` of a `StrEnum` is the member's name in small letters."""

from enum import StrEnum, auto

from purposegate import Gate


class To(StrEnum):
    DATA_SUBJECT = auto()
    EMPLOYER_COMPANY = auto()


def show(gate: Gate, employer: str) -> None:
    gate.check("name", "provide_service", To.DATA_SUBJECT)
    gate.check("name", "view_video_interview", f"{To.EMPLOYER_COMPANY}/{employer}")
