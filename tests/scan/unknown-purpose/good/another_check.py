"""`check` of something else takes arguments that are no names of a policy."""

import subprocess

import httpx


class HealthCheck:
    def check(self, url: str, reason: str) -> bool:
        return httpx.get(url, headers={"x-reason": reason}).is_success


def smoke() -> None:
    HealthCheck().check("https://hiring.example.com", "nightly")
    subprocess.run(["ffprobe", "interview.mp4"], check=True)
