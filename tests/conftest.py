"""How the tests run: Hypothesis draws the same cases every time, unless the long profile is asked for."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from postgres import MISSING, Databases, MakeDatabase, a_server

from purposegate.gate import plans

settings.register_profile(
    "ci", max_examples=100, derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=5_000, derandomize=False, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
# For judging mutants: a failing case will do, however large it is.
settings.register_profile("mutants", settings.get_profile("ci"), max_examples=30, phases=[Phase.explicit, Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(autouse=True)
def _nothing_is_known_of_any_class() -> None:
    """Have each test read the classes that it uses: what another has read must not hide that it cannot."""
    plans._plans.clear()
    plans.typed_fields.cache_clear()


@pytest.fixture(scope="session")
def _postgresql_server() -> Iterator[Databases | None]:
    """Run one PostgreSQL server for all tests that need one."""
    with a_server() as databases:
        yield databases


@pytest.fixture
def databases(_postgresql_server: Databases | None) -> Iterator[Databases]:
    """Give a PostgreSQL server on which this test makes its own databases; without one, skip the test."""
    if _postgresql_server is None:
        pytest.skip(MISSING)
    yield _postgresql_server
    _postgresql_server.empty()


@pytest.fixture
def postgresql(databases: Databases) -> MakeDatabase:
    """Give a function that makes an empty PostgreSQL database and gives its URL."""
    return databases.make
