"""The labelled model is in one module, and an untyped read of a namesake in another."""
