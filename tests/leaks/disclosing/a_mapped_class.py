"""Keeps people in a mapped class of SQLAlchemy."""

from typing import Annotated

from leaks.world import SECRET, World
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def leak(world: World) -> object:
    return world.gate.disclose([Person(id="c-1", email=SECRET)], "distribute_advertising", on_denied="drop")
