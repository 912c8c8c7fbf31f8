"""The evidence: who was allowed what, and why."""
