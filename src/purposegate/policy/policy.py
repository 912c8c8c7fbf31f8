"""A policy that has been read and found in order: what everything above this floor works from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from purposegate.findings import Location
from purposegate.policy.hierarchy import Hierarchy
from purposegate.policy.terms import Role

if TYPE_CHECKING:
    # The models cost pydantic's import, which a process that is handed its policy need not pay.
    from purposegate.policy.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One revision of a policy, with its names resolved.

    `digest` is the SHA-256 of the file as hexadecimal text. `in_force_from` is the instant at which the effective day begins in
    the policy's time zone, or None where the policy states no day. `places` tells where each entry stands in the file, by section
    and then by index or name.
    """

    document: Document = field(repr=False)
    digest: str
    path: str
    categories: Hierarchy = field(repr=False)
    purposes: Hierarchy = field(repr=False)
    recipients: Hierarchy = field(repr=False)
    in_force_from: datetime | None = None
    places: Mapping[str, Mapping[str | int, Location]] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """The policy's short name."""
        return self.document.policy.id

    @property
    def revision(self) -> str:
        """The revision, in the words of the prose."""
        return self.document.policy.revision

    @property
    def controller(self) -> str:
        """The recipient that the policy binds."""
        return self.document.policy.controller

    def role(self, recipient: str) -> Role:
        """Give the role at the root of the tree in which a declared recipient stands."""
        while parents := self.recipients.parents(recipient):
            recipient = parents[0]
        role = self.document.recipients[recipient].role
        assert role is not None  # noqa: S101 - the reader refuses a root without a role
        return role

    def place(self, section: str, key: str | int) -> Location | None:
        """Tell where an entry stands in the file."""
        return self.places.get(section, {}).get(key)
