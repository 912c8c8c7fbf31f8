"""Exports everybody as CSV for a colleague."""

import csv
from io import StringIO

from leaks.people import a_candidate
from leaks.world import World


def leak(world: World) -> object:
    file = StringIO()
    csv.writer(file).writerows([candidate.id, candidate.email] for candidate in [a_candidate()])
    csv.DictWriter(file, ["id", "email"]).writerow(vars(a_candidate()))
    return file.getvalue()
