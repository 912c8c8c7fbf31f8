"""The one gate of the service."""

from purposegate import Gate

GATE = Gate.load("policies/en-japan-video-interview.yaml")
