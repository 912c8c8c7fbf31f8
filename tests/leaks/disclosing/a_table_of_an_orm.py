"""Keeps people in a table of SQLModel, and reads them back."""

from typing import Annotated

from leaks.world import SECRET, World
from sqlalchemy.orm import registry
from sqlmodel import Field, Session, SQLModel, create_engine, select

from purposegate import Personal


class Base(SQLModel, registry=registry()):
    pass


class Person(Base, table=True):
    id: str = Field(primary_key=True)
    email: Annotated[str, Personal("email_address")]


def leak(world: World) -> object:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(id="c-1", email=SECRET))
        session.commit()
        people = session.exec(select(Person)).all()
        disclosed = world.gate.disclose(people, "distribute_advertising", on_denied="drop")
    engine.dispose()
    return disclosed
