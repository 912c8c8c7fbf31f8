"""An ad network is no employer company."""

import httpx

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def sync(client: httpx.Client, candidate_ids: list[str]) -> None:
    gate.check("usage_history", "distribute_advertising", "third_party/ad-network")  # finds: unlisted-recipient
    client.post("https://ads.example.com/audience", json=candidate_ids)
