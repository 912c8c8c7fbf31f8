"""A partial fixes the partner as recipient."""

from functools import partial

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
to_partner = partial(gate.check, recipient="third_party/partner")


def share(candidate_id: str) -> None:
    to_partner("name", "provide_service", subject=candidate_id)  # finds: unlisted-recipient
