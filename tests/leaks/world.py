"""What a program of the battery finds: the library's names, and a company's gate."""

from __future__ import annotations

from types import ModuleType
from typing import Final, Protocol

from purposegate import Gate

# What comes out of a program is searched for this, and for its pieces. No program writes it down: tracebacks show source lines.
SECRET: Final = "hanako.sato@example.com"
GUESSES: Final = ("taro.yamada@example.jp", SECRET, "jiro.suzuki@example.jp")
ACME: Final = "employer_company/acme"
AD_NETWORK: Final = "third_party/ad-network"
OBJECTOR: Final = "c-9"  # has asked to suspend every use


class World(Protocol):
    """One of two worlds: the protected one, and one in which nothing is protected, to show that a program is a true leak.

    A program is loaded anew in each world: what it imports from `purposegate` is the library, or a stand-in that lets all pass.
    """

    @property
    def name(self) -> str:
        """What this world is called."""
        ...

    @property
    def gate(self) -> Gate:
        """The gate of the shipped policy, or the stand-in.

        It has no ledger: one would refuse whatever names no person, for that alone, and hide what else would let it pass.
        """
        ...

    @property
    def gate_with_ledger(self) -> Gate:
        """A gate of the same policy that looks up people, of whom one has objected."""
        ...

    @property
    def modules(self) -> dict[str, ModuleType]:
        """What stands in this world in the place of the modules of these names."""
        ...

    def records(self) -> list[object]:
        """Give what the gate wrote down."""
        ...
