"""The tables of one kind of store, and their version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, text

from purposegate.errors import PurposegateError
from purposegate.stores.kind import Kind


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a kind of store.

    - `version`: the one that this code reads and writes, that of the last of its `migrations`, a folder; `versions_table` keeps
      which one a database has.
    - `to_make` and `to_migrate` tell what whoever reads an error does about it.
    """

    kind: Kind
    metadata: MetaData
    version: str
    versions_table: str
    migrations: Path
    to_make: str
    to_migrate: str

    def version_in(self, connection: Connection) -> str | None:
        """Give the version that a database has; None where there are no such tables."""
        if not inspect(connection).has_table(self.versions_table):
            return None
        return connection.execute(text(f"SELECT version_num FROM {self.versions_table}")).scalar()  # noqa: S608 - our own constant

    def missing(self) -> PurposegateError:
        """Give what is raised where there are none, and none are to be made."""
        error = self.kind.error(f"there is no {self.kind.name} in that database")
        error.add_note(self.to_make)
        return error

    def outdated(self, found: str) -> PurposegateError:
        """Give what is raised where they are of another version."""
        error = self.kind.error(f"the tables of the {self.kind.name} are of version {found}, and this code wants {self.version}")
        error.add_note(f"{self.to_migrate}, or install the version of purposegate that made them")
        return error
