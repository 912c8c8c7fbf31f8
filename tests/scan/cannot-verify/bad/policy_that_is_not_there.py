"""The gate's policy cannot be read."""

from purposegate import Gate

gate = Gate.load("policies/withdrawn-policy.yaml")  # finds: cannot-verify
