"""What is replaced is no gate."""

import httpx
import pytest

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


class Disk:
    def check(self) -> bool:
        return True


disk = Disk()


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "check", lambda: False)
    monkeypatch.setattr(httpx.Client, "get", lambda self, url: None)
    disk.check = lambda: False
