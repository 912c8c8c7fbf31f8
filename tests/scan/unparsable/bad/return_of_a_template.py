"""A template engine's placeholder stands where a value must be."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
RETRIES = {% retries %}  # finds: unparsable
