"""A test expects that the ad network gets nothing, also through a helper of the test."""

import unittest

import pytest

from purposegate import Gate, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


class AdNetwork(unittest.TestCase):
    def test_gets_no_history(self) -> None:
        with pytest.raises(PurposeViolation) as denied:
            gate.check("usage_history", "distribute_advertising", "third_party/ad-network")
        assert "unlisted-recipient" in str(denied.value)
