"""The ids of records: what tells the process, and a number."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from secrets import token_hex


class Ids:
    """Gives each record of this process an id that no record of any process has; a UUID would cost more than the whole record."""

    def __init__(self) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """Take a new prefix: at first, and in a child process, which inherits where its parent had counted to."""
        self.number: Callable[[], int] = count(1).__next__
        self.prefix = token_hex(8)

    def next(self) -> str:
        """Give the next id."""
        return f"{self.prefix}-{self.number()}"


IDS = Ids()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=IDS.begin_again)
