"""The purpose comes from the environment of the process."""

import os

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def run(candidate_id: str) -> None:
    gate.check("email_address", os.environ["JOB_PURPOSE"], subject=candidate_id)  # finds: unreadable-use
