"""The person's own data are shown to the person."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def my_page(candidate_id: str) -> str:
    gate.check("usage_history", "provide_service", "data_subject", subject=candidate_id)
    gate.check("evaluation_result", "view_evaluation_result", "data_subject", subject=candidate_id)
    return f"/me/{candidate_id}"
