"""Prints a candidate in colour, with its fields spread out."""

from io import StringIO

from leaks.people import a_candidate, a_card
from leaks.world import World
from rich.console import Console
from rich.pretty import pretty_repr


def leak(world: World) -> object:
    console = Console(file=StringIO(), width=100)
    console.print(a_candidate(), a_candidate().email, [a_card()])
    return console.file, pretty_repr(a_candidate(), expand_all=True)
