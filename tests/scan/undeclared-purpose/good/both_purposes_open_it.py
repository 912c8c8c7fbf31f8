"""Whichever of the two purposes it is, it is declared."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def analyse(video_ids: list[str], *, live: bool) -> int:
    purpose = "provide_service" if live else "analyse_to_improve"
    gate.check("video_interview", purpose)
    return len(video_ids)
