"""The project's policy has facts, but this code makes no gate of it."""
# policy: tests/scan/policies/applied.yaml

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")
