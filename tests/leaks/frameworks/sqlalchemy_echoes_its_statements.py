"""Turns `echo` on, so that every statement is logged with its parameters."""

from leaks.people import an_email
from leaks.world import World
from sqlalchemy import Column, MetaData, String, Table, create_engine

REFUSED = "ProgrammingError"


def leak(world: World) -> None:
    metadata = MetaData()
    people = Table("people", metadata, Column("email", String))
    engine = create_engine("sqlite://", echo=True)
    metadata.create_all(engine)
    try:
        with engine.begin() as connection:
            connection.execute(people.insert(), {"email": an_email()})
    finally:
        engine.dispose()
