"""A bound gate is asked for a category that is none."""

from purposegate import Gate


class Support:
    def __init__(self, gate: Gate) -> None:
        self.release = gate.bind("respond_to_inquiries", "data_subject")

    def answer(self, candidate_id: str) -> None:
        self.release("inquiry", subject=candidate_id)
        self.release("inquiries", subject=candidate_id)  # finds: unknown-category
