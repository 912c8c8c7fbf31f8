"""A package with a file that is no Python, which says that it may be so, and one that is."""
