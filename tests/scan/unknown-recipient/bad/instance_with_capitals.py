"""An instance is written in small letters."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
ACME = "employer_company/ACME Inc."


def show() -> None:
    gate.check("name", "view_video_interview", ACME)  # finds: unknown-recipient
