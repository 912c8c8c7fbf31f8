"""`%` and `format` show the whole object like an f-string does."""

from typing import Annotated

import attrs

from purposegate import Personal


@attrs.frozen
class Visitor:
    id: str
    device: Annotated[str, Personal("terminal_information")]


def lines(visitors: list[Visitor]) -> list[str]:
    first = "first: %s" % visitors[0]  # finds: unguarded-read
    rest = "last: {}".format(visitors[-1])  # finds: unguarded-read
    return [first, rest]
