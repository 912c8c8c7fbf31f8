"""The facts come from two dictionaries."""

from collections.abc import Callable

from purposegate import Gate, Use


def yes(use: Use) -> bool:
    return use.subject is not None


COMMON: dict[str, Callable[[Use], bool]] = {"applied_to_employer": yes}
gate = Gate.load("tests/scan/policies/applied.yaml", facts={**COMMON, "position_open": yes})
