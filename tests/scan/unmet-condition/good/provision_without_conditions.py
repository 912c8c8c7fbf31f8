"""Clause 4(1) has no conditions."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(employer: str) -> None:
    gate.check("evaluation_result", "view_evaluation_result", f"employer_company/{employer}", channel="website")
