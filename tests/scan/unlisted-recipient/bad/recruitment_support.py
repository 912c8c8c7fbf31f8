"""Employers are supported by the company, and given nothing for it."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def shortlist(employer: str) -> str:
    gate.check("evaluation_result", "support_recruitment", f"employer_company/{employer}")  # finds: unlisted-recipient
    return f"/shortlists/{employer}"
