"""How the tests run: Hypothesis draws the same cases every time, unless the long profile is asked for."""

import os

import pytest
from hypothesis import HealthCheck, Phase, settings

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
