"""A denial is expected, but what comes is that nobody knows the purpose."""

import pytest

from purposegate import Gate, PurposeViolation

gate = Gate.load("policies/en-japan-video-interview.yaml")


def test_no_interviews_for_advertising() -> None:
    with pytest.raises(PurposeViolation):
        gate.check("video_interview", "distribute_adverts")  # finds: unknown-purpose
