"""Takes the address for the person's id, which stands in records and tokens."""

from leaks.world import SECRET, World

REASON = "records go by the id of a person, and an id must be readable; give people ids that say nothing"


def leak(world: World) -> object:
    with world.gate.purpose("respond_to_inquiries", subject=SECRET):
        return {"task": "mail", "to": SECRET, "token": world.gate.token()}
