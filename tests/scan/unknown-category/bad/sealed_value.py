"""A value is sealed for a category that is none, and would never open."""

from purposegate import Gate, Sealed

gate = Gate.load("policies/en-japan-video-interview.yaml")


def sealed(form: dict[str, str]) -> dict[str, Sealed[str]]:
    return {"number": Sealed(form["number"], "mobile_number")}  # finds: unknown-category
