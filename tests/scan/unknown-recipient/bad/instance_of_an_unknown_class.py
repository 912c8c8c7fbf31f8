"""The class before the slash is misspelt."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(employer: str) -> None:
    gate.check("name", "view_video_interview", f"employer_companies/{employer}")  # finds: unknown-recipient
