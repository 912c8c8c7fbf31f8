"""A gate is bound to a recipient, and asked for one category too many."""

from purposegate import Gate


class EmployerView:
    def __init__(self, gate: Gate, employer: str) -> None:
        self._release = gate.bind("view_evaluation_result", f"employer_company/{employer}")

    def scores(self) -> None:
        self._release.check("evaluation_result")
        self._release.check("survey_response")  # finds: unlisted-recipient
