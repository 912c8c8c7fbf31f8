"""Keeps addresses in a shelf between two runs."""

import shelve
import tempfile
from pathlib import Path

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    with tempfile.TemporaryDirectory() as folder:
        with shelve.open(f"{folder}/shelf") as shelf:
            shelf["c-1"] = an_email()
        return [file.read_bytes() for file in Path(folder).iterdir()]
