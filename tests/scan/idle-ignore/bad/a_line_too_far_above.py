"""Between the comment and the finding stands an empty line, so that neither knows of the other."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def export() -> None:
    # finds below: idle-ignore
    # purposegate: ignore[undeclared-purpose] launches in May

    gate.check("name", "distribute_advertising")  # finds: undeclared-purpose
