"""Assigns plain text to a sealed field, in code that nobody type-checks, and dumps the model."""

from leaks.people import a_candidate
from leaks.world import SECRET, World


def leak(world: World) -> object:
    candidate = a_candidate()
    candidate.email = SECRET  # type: ignore[assignment]  # this is what nobody checks
    copied = a_candidate().model_copy(update={"email": SECRET})
    return [each.model_dump_json(warnings=False) for each in (candidate, copied)], candidate.model_dump(), copied.model_dump()
