"""A gate for one purpose and recipient: each call names only the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from purposegate.engine.decision import Decision

if TYPE_CHECKING:
    from purposegate.gate.gate import Gate


class BoundGate:
    """A gate whose purpose and recipient are fixed. Calling it is `check`."""

    __slots__ = ("__weakref__", "_gate", "_permitted", "_purpose", "_recipient")

    def __init__(self, gate: Gate, purpose: str, recipient: str | None) -> None:
        self._gate = gate
        self._purpose = purpose
        self._recipient = recipient
        self._permitted: dict[str, Decision] = {}

    def check(
        self, data_category: str, *, subject: str | None = None, channel: str | None = None, claim: str | None = None
    ) -> Decision:
        """Release one use, as `Gate.check` does."""
        if channel is None and type(data_category) is str:  # as in Gate.check
            try:
                return self._permitted[data_category]
            except KeyError:
                pass  # judged below
        decision = self._gate.check(data_category, self._purpose, self._recipient, subject=subject, channel=channel, claim=claim)
        snapshot = self._gate._snapshot  # noqa: SLF001 - a bound gate is a part of its gate
        key = (decision.data_category, decision.purpose, self._recipient)
        # What another snapshot decided is not settled in this one, and its table is the only one that is filled.
        if channel is None and decision.permitted and snapshot.settled.get(key) is decision:
            snapshot.permitted.get(self, {})[decision.data_category] = decision
        return decision

    __call__ = check

    def __copy__(self) -> BoundGate:
        return self._gate.bind(self._purpose, self._recipient)

    def decide(
        self, data_category: str, *, subject: str | None = None, channel: str | None = None, claim: str | None = None
    ) -> Decision:
        """Ask about one use, as `Gate.decide` does."""
        return self._gate.decide(data_category, self._purpose, self._recipient, subject=subject, channel=channel, claim=claim)
