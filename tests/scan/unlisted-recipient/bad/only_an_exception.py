"""Only an exception could permit it, and an exception never gives the reason."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def answer_warrant(candidate_id: str, case: str) -> None:
    gate.check("name", "comply_with_law", "public_body/tokyo", subject=candidate_id, claim=case)  # finds: unlisted-recipient
