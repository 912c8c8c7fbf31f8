"""What may be given to an authority is not thereby used by the company itself."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def open_case(candidate_id: str) -> dict[str, str]:
    gate.check("name", "comply_with_law", subject=candidate_id, claim="case-2020-17")  # finds: undeclared-purpose
    return {"case": "2020-17", "candidate": candidate_id}
