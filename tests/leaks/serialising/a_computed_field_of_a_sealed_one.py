"""Computes a link from the address, and dumps it with the rest."""

from leaks.people import Candidate
from leaks.world import SECRET, World
from pydantic import computed_field


class Profile(Candidate):
    @computed_field
    def mailto(self) -> str:
        return f"mailto:{self.email}"


def leak(world: World) -> object:
    profile = Profile.model_validate({"id": "c-1", "email": SECRET})
    return profile.model_dump(), profile.model_dump_json(), repr(profile)
