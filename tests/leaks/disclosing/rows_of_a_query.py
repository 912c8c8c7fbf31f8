"""Selects single columns of a mapped class, and discloses the rows."""

from typing import Annotated

from leaks.world import SECRET, World
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal

REFUSED = "undeclared-data"


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def leak(world: World) -> object:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Person(id="c-1", email=SECRET))
        session.flush()
        rows = session.execute(select(Person.id, Person.email)).all()
    engine.dispose()
    return world.gate.disclose(rows, "distribute_advertising", on_denied="drop")
