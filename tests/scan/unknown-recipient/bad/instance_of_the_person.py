"""The person takes no instance; who it is says the subject."""

from purposegate import Gate


def my_page(gate: Gate, candidate_id: str) -> str:
    gate.check("name", "provide_service", f"data_subject/{candidate_id}")  # finds: unknown-recipient
    return f"/me/{candidate_id}"
