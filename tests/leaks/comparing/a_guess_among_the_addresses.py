"""Asks of each address of a bought list whether it is among the candidates'."""

from leaks.people import a_candidate
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    emails: list[object] = [candidate.email for candidate in [a_candidate()]]
    return [guess for guess in GUESSES if guess in emails], [guess for guess in GUESSES if guess in set(emails)]
