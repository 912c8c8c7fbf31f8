"""Lint rules, by their reason to change: one function a rule, whose name is the slug and whose docstring is page and test."""
