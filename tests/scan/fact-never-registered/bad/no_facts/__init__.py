"""A gate is made of a policy with facts, and none is registered."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/applied.yaml")
