"""Dumps a list of candidates with a type adapter."""

from leaks.people import Candidate, Card, a_candidate, a_card
from leaks.world import World
from pydantic import TypeAdapter


def leak(world: World) -> object:
    cards = TypeAdapter(dict[str, Card])
    return (
        TypeAdapter(list[Candidate]).dump_json([a_candidate()]),
        cards.dump_python({"c-1": a_card()}),
        cards.dump_json({"c-1": a_card()}),
    )
