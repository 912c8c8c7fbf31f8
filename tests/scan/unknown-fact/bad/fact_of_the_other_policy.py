"""The fact belongs to the house rule, and is registered at the published policy."""

from purposegate import Gate, Use


class Service:
    def __init__(self, applied: set[str]) -> None:
        self._applied = applied
        self.published = Gate.load("policies/en-japan-video-interview.yaml", facts={"applied_to_employer": self._has_applied})  # finds: unknown-fact

    def _has_applied(self, use: Use) -> bool:
        return use.subject in self._applied
