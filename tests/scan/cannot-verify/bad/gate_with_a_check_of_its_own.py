"""A gate of our own overrides what checks."""


from purposegate import Gate


class Permissive(Gate):
    def check(self, *names: str) -> None:  # finds: cannot-verify
        """Permit everything."""
