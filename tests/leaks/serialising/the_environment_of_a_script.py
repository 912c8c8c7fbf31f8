"""Hands the address to a script in its environment."""

import subprocess
import sys

from leaks.people import an_email
from leaks.world import World

REFUSED = "TypeError"


def leak(world: World) -> object:
    command = [sys.executable, "-Ic", "import os; print(os.environ['MAIL_TO'])"]
    return subprocess.run(command, env={"MAIL_TO": an_email()}, capture_output=True, check=True).stdout
