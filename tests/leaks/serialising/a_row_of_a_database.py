"""Inserts the address into a table that nobody thought of as personal data."""

import sqlite3
from contextlib import closing

from leaks.people import a_candidate
from leaks.world import World

REFUSED = "ProgrammingError"


def leak(world: World) -> object:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE bounced (email TEXT)")
        database.execute("INSERT INTO bounced VALUES (?)", [a_candidate().email])
        return database.execute("SELECT * FROM bounced").fetchall()
