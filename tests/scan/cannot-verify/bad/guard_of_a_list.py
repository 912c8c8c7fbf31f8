"""The categories of a guard are handed through from a list that cannot be told."""

import os

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
CATEGORIES = os.environ["CATEGORIES"].split(",")


@gate.guard(*CATEGORIES, purpose="analyse_to_improve")  # finds: cannot-verify
def analyse() -> str:
    return "done"
