"""A template of a module."""

# finds below: unparsable, unknown-ignore
class {{ name }}:  # purposegate: ignore[unparsable] a template
    pass
