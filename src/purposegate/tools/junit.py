"""What came of cases as JUnit XML, which CI systems show: valid by the schema of Ant's task and by that of Jenkins."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from purposegate.policy.characters import one_line
from purposegate.tools.cases import Casebook
from purposegate.tools.trial import Outcome, Trial
from purposegate.tools.verdicts import told

_INSTANTLY = "0"  # nobody wants to know which of two judgments in a microsecond was the longer


def junit(trial: Trial, at: datetime) -> str:
    """Write one suite a file of cases; `at` is when they were put to the judge."""
    root = ET.Element("testsuites")
    for number, (book, outcomes) in enumerate(trial.outcomes):
        _suite(root, number, book, outcomes, at)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}'


# What XML cannot hold is forbidden in a policy, and a path may hold it all the same: every text goes through `one_line`.
def _suite(root: ET.Element, number: int, book: Casebook, outcomes: tuple[Outcome, ...], at: datetime) -> None:
    stamp = book.engine.policy
    suite = ET.SubElement(
        root,
        "testsuite",
        {
            "id": str(number),
            "package": one_line(stamp.id),
            "name": one_line(book.path),
            # Neither schema has a place for the zone.
            "timestamp": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
            "tests": str(len(outcomes)),
            "failures": str(sum(not outcome for outcome in outcomes)),
            "errors": "0",
            "time": _INSTANTLY,
        },
    )
    properties = ET.SubElement(suite, "properties")
    for name, value in (("policy", stamp.path), ("revision", stamp.revision), ("digest", stamp.digest)):
        ET.SubElement(properties, "property", {"name": name, "value": one_line(value)})
    for outcome in outcomes:
        names = {"classname": one_line(stamp.id), "name": one_line(outcome.case.name), "time": _INSTANTLY}
        case = ET.SubElement(suite, "testcase", names)
        if not outcome:
            head, *rest = told(outcome)
            failure = ET.SubElement(case, "failure", {"type": outcome.misses[0].decision.reason.value, "message": one_line(head)})
            failure.text = "\n".join(map(one_line, (head, *rest)))
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
