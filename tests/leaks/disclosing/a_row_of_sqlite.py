"""Discloses rows as the driver of the database gives them."""

import sqlite3
from contextlib import closing

from leaks.world import SECRET, World

REFUSED = "undeclared-data"


def leak(world: World) -> object:
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute("SELECT 'c-1' AS id, ? AS email", [SECRET]).fetchall()
    disclosed = world.gate.disclose(rows, "distribute_advertising", on_denied="drop")
    return [tuple(row) for row in disclosed]
