"""Puts a plain dictionary where a model belongs, without validation, and discloses it."""

from typing import Any

from leaks.people import Applicant
from leaks.world import SECRET, World
from pydantic import BaseModel


class Page(BaseModel):
    people: list[Applicant]
    first: Applicant | dict[str, Any]
    by_city: dict[str, list[Applicant]]


def leak(world: World) -> object:
    person: dict[str, Any] = {"id": "c-1", "email": SECRET, "e_mail": SECRET}
    values: dict[str, Any] = {"people": [person], "first": person, "by_city": {"Tokyo": [person]}}
    page = Page.model_construct(**values)
    return world.gate.disclose(page, "distribute_advertising", on_denied="drop")
