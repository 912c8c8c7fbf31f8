"""A scan finds in each fixture what is marked there, at its line, and nothing else; and the counts of it are what they say."""

from __future__ import annotations

import pytest
from scan_fixtures import Fixture, fixtures
from scanned import told


@pytest.mark.parametrize("fixture", fixtures(), ids=str)
def test_what_is_marked_is_found_and_nothing_else(fixture: Fixture) -> None:
    found, marked = told(fixture), fixture.expected | fixture.named

    assert {"missed": marked - found, "too much": found - marked} == {"missed": set(), "too much": set()}
