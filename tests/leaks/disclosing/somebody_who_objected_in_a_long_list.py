"""Discloses a list in which one person has objected to every use."""

from leaks.people import Applicant
from leaks.world import OBJECTOR, SECRET, World

from purposegate import From


def leak(world: World) -> object:
    everybody = [Applicant(id="c-1", email=""), Applicant(id=OBJECTOR, email=SECRET)]
    return world.gate_with_ledger.disclose(everybody, "provide_service", subject=From("id"), on_denied="drop")
