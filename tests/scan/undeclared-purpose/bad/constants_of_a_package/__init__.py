"""The names of the use lie in a module of constants, re-exported by the package."""

from .names import ADVERTISING as ADVERTISING
from .names import INTERVIEW as VIDEO

__all__ = ["ADVERTISING", "VIDEO"]
