"""The helper checks whatever category it is passed; one of the calls passes the wrong one."""

from purposegate import Gate


def require_for_ads(gate: Gate, data_category: str, candidate_id: str) -> None:
    gate.check(data_category, "distribute_advertising", subject=candidate_id)


def build(gate: Gate, candidate_ids: list[str]) -> None:
    for candidate_id in candidate_ids:
        require_for_ads(gate, "attribute_information", candidate_id)
        require_for_ads(gate, "evaluation_result", candidate_id)  # finds: undeclared-purpose
