"""A template of a module."""

# finds below: unparsable
class {{ name }}:  # purposegate: ignore[unparsable] a template
    pass
