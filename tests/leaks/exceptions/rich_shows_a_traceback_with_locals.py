"""Shows a failure on the terminal with rich, variables included."""

from io import StringIO

from leaks.people import a_candidate, an_email
from leaks.world import World
from rich.console import Console
from rich.traceback import Traceback


def leak(world: World) -> object:
    file = StringIO()
    try:
        candidate, emails = a_candidate(), [an_email()]
        raise ConnectionError(candidate.id)
    except ConnectionError as error:
        Console(file=file, width=150).print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    return file.getvalue(), emails
