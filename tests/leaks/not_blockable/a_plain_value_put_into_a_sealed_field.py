"""Puts plain text into a sealed field without validation, and prints the model."""

from typing import Any

from leaks.people import Candidate, a_candidate
from leaks.world import SECRET, World

REASON = "pydantic stores what `model_construct`, `model_copy(update=…)` and an unvalidated assignment give it, and asks no field"


def leak(world: World) -> object:
    values: dict[str, Any] = {"id": "c-1", "email": SECRET}
    return repr(Candidate.model_construct(**values)), str(a_candidate().model_copy(update={"email": SECRET}))
