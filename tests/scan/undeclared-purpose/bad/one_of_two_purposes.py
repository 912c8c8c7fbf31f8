"""The purpose is one of two, by a condition that nobody can tell, and one of them is wrong."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def analyse(video_ids: list[str], *, sponsored: bool) -> int:
    purpose = "distribute_advertising" if sponsored else "analyse_to_improve"
    gate.check("video_interview", purpose)  # finds: undeclared-purpose
    return len(video_ids)
