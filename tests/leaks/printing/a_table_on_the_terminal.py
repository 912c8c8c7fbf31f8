"""Prints a table of everybody for the person at the desk."""

from io import StringIO

from leaks.people import a_candidate
from leaks.world import World
from rich.console import Console
from rich.table import Table


def leak(world: World) -> object:
    table = Table("id", "email")
    table.add_row(a_candidate().id, str(a_candidate().email))
    file = StringIO()
    Console(file=file, width=100).print(table)
    return file.getvalue()
