"""Two gates of the policy register a fact each."""

from purposegate import Gate

from .facts import applied, is_open

web = Gate.load("tests/scan/policies/applied.yaml", facts={"applied_to_employer": applied})
worker = Gate.load("tests/scan/policies/applied.yaml", facts={"position_open": is_open})
