"""Puts people on a page that takes anything."""

from typing import Generic, TypeVar

from leaks.people import Applicant, an_applicant
from leaks.world import World
from pydantic import BaseModel, RootModel

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]


class People(RootModel[list[Applicant]]):
    pass


def leak(world: World) -> object:
    pages = [Page[Applicant](items=[an_applicant()]), Page(items=[an_applicant()]), People([an_applicant()])]
    return world.gate.disclose(pages, "distribute_advertising", on_denied="drop")
