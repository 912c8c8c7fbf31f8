"""A test of the service expects the denial."""

import pytest

from purposegate import Gate, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


def test_interviews_are_not_used_for_advertising() -> None:
    with pytest.raises(PurposeViolation, match="undeclared-purpose"):
        gate.check("video_interview", "distribute_advertising")
