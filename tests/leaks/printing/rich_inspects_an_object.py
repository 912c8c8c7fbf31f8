"""Asks rich for everything there is to see in a candidate, private attributes too."""

from io import StringIO

from leaks.people import a_candidate
from leaks.world import World
from rich import inspect
from rich.console import Console


def leak(world: World) -> object:
    console = Console(file=StringIO(), width=200)
    for thing in (a_candidate(), a_candidate().email):
        inspect(thing, console=console, all=True, value=True)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()
