"""An ad exporter uses interviews, which clause 3(8) does not open for advertising."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def audience(candidate_ids: list[str]) -> list[str]:
    gate.check("video_interview", "distribute_advertising")  # finds: undeclared-purpose
    return sorted(candidate_ids)
