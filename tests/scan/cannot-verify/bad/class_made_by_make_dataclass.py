"""A class with labels is made by a call."""

from dataclasses import dataclass, make_dataclass
from typing import Annotated

from purposegate import Personal

Row = make_dataclass("Row", [("id", str), ("value", Annotated[str, Personal("email_address")])])  # finds: cannot-verify


@dataclass
class Other:
    id: str
