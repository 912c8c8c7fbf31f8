"""Counts how often a guess occurs, and where."""

from collections import Counter

from leaks.people import an_email
from leaks.world import GUESSES, World


def leak(world: World) -> object:
    emails = [an_email(), an_email()]
    return [guess for guess in GUESSES if emails.count(guess) or Counter(emails)[guess]], Counter(emails).most_common(1)
