"""The name of the fact is a constant."""

from purposegate import Gate

POSITION = "position_is_open"
gate = Gate.load("tests/scan/policies/applied.yaml", facts={POSITION: lambda use: True})  # finds: unknown-fact
