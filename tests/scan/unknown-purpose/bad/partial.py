"""A partial fixes the wrong purpose; the use is the call of it."""

from functools import partial

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
release_for_survey = partial(gate.check, purpose="customer_survey")


def survey(candidate_id: str) -> None:
    release_for_survey("email_address", subject=candidate_id)  # finds: unknown-purpose
