"""A test expects that nothing goes to a provider that has not signed."""

import pytest

from purposegate import Gate, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


def test_nothing_goes_to_a_provider_without_an_agreement() -> None:
    with pytest.raises(PurposeViolation):
        gate.check("name", "provide_service", "service_provider/scribe")
