"""The door: the only thing that blocks."""
