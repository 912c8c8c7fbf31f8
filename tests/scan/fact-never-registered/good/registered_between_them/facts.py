"""The functions that answer."""

from purposegate import Use


def applied(use: Use) -> bool:
    return use.subject == "a-1"


def is_open(use: Use) -> bool:
    return use.recipient == "employer/acme"
