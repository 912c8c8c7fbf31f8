"""Declares a list of ids, and puts people with addresses in it."""

from leaks.people import Applicant
from leaks.world import SECRET, World
from pydantic import BaseModel


class Person(BaseModel):
    id: str


class Subscriber(Person, Applicant):
    pass


class Page(BaseModel):
    people: list[Person]


def leak(world: World) -> object:
    return world.gate.disclose(Page(people=[Subscriber(id="c-1", email=SECRET)]), "distribute_advertising", on_denied="drop")
