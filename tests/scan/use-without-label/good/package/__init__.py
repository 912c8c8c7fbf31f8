"""The use is in one module, and the labelled field of its category in another."""
