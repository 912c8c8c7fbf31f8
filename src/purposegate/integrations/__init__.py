"""Frameworks that the gate stands in: each an extra of its own, imported by nothing else."""
