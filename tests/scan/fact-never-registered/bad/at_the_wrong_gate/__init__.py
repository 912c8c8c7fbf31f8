"""Of two gates only the one of another policy is given a dictionary of facts, and it is empty."""

from purposegate import Gate

FACTS: dict[str, object] = {}
published = Gate.load("policies/en-japan-video-interview.yaml", facts={})
house = Gate.load("tests/scan/policies/applied.yaml")
