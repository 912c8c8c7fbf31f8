"""The projects that an editor has open: which policy a file goes by, the texts as they are typed, and what was found in them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from purposegate.findings import Finding
from purposegate.policy.files import Files
from purposegate.policy.markup import decode
from purposegate.tools.casebook import complaints, is_cases
from purposegate.tools.configuration import nearest
from purposegate.tools.editing.answers import Known
from purposegate.tools.editing.policies import Typed, examined, is_policy
from purposegate.tools.editing.positions import Marked, Page
from purposegate.tools.editing.surveys import Survey
from purposegate.tools.scanning.policies import newest

_POLICIES: Final = "policies"
_YAML: Final = (".yaml", ".yml")


@dataclass(slots=True)
class Project:
    """A folder of code with its policy, and the last scan of it; `refused` tells that what it says of itself cannot be used."""

    root: Path
    policy: str | None
    refused: bool = False
    survey: Survey = field(default_factory=Survey)


class Projects:
    """All that is open; paths are absolute, as text."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        self.roots: list[Path] = []
        self.pages: dict[str, Page] = {}
        self._projects: dict[Path, Project] = {}
        self._known: dict[str, Known] = {}

    def open(self, path: str, text: str) -> Page:
        """Take a text as it stands in the editor now."""
        page = self.pages[path] = Page(path, text)
        return page

    def close(self, path: str) -> None:
        """Forget the editor's text of a file; what was learned of a policy stays."""
        self.pages.pop(path, None)

    def is_policy(self, path: str) -> bool:
        """Tell whether a file is a policy: some project's, or one by what it says."""
        if not path.endswith(_YAML) or is_cases(path):
            return False
        page = self.pages.get(path)
        return path in self._known or path == self.of(path).policy or (page is not None and is_policy(page.text))

    def of(self, path: str) -> Project:
        """Give the project of a file: of the nearest `pyproject.toml` that speaks of purposegate, or the editor's folder."""
        folder = Path(path).parent
        configuration, refusals = nearest(folder)
        root = configuration.path.parent if configuration.path else self._folder(folder)
        policy = configuration.policy and os.path.abspath(configuration.policy)  # noqa: PTH100 - a path is not to be resolved
        policy = newest(policy) if policy else _only_policy(root)
        project = self._projects.setdefault(root, Project(root, policy))
        project.policy, project.refused = policy, bool(refusals)
        return project

    def open_code(self, project: Project) -> tuple[Page, ...]:
        """Give the Python files of a project that are open."""
        return tuple(page for path, page in self.pages.items() if is_python(path) and self.of(path) is project)

    def known(self, path: str | None) -> Known | None:
        """Give the last state of a policy that could be read."""
        return None if path is None else self._known.get(path)

    def learn(self, path: str, known: Known | None) -> None:
        """Keep a state of a policy that could be read; where there is none, the one before goes on to be shown."""
        if known is not None:
            self._known[path] = known

    def typed(self, path: str) -> Typed:
        """Give a policy as it is typed, or stands on disk, with what is known of it."""
        return Typed(self.pages.get(path) or on_disk(path), self.known(path))

    def quoting(self, path: str) -> tuple[str, ...]:
        """Give the policies that a file is the prose of."""
        return tuple(policy for policy, known in self._known.items() if os.path.abspath(known.prose_path) == path)  # noqa: PTH100 - as above

    def _folder(self, folder: Path) -> Path:
        around = [root for root in self.roots if root == folder or root in folder.parents]
        return max(around, key=lambda root: len(root.parts), default=folder)


def is_python(path: str) -> bool:
    """Tell whether a file is Python."""
    return path.endswith((".py", ".pyw", ".pyi"))


def policy_findings(page: Page, *, is_known: bool) -> tuple[tuple[Finding, ...], Known | None]:
    """Look at a policy, or at a file of cases, which is read as it stands on disk.

    Where nothing is known of a policy that cannot be read, what was saved last may still be readable.
    """
    if is_cases(page.path):
        return complaints(page.path), None
    findings, known = examined(page)
    return findings, known or (None if is_known else examined(on_disk(page.path))[1])


def on_disk(path: str) -> Page:
    """Give a file as it stands on disk; one that cannot be read is empty."""
    data, _ = Files().read(Path(path), "the file")
    text, _ = decode(data or b"", path)
    return Page(path, text or "")


def marked(page: Page, findings: Iterable[Finding]) -> tuple[Marked, ...]:
    """Give the findings that stand in a file, each with what its place begins."""
    placed = ((finding, finding.location) for finding in findings)
    return tuple(Marked(each, page.marked(place)) for each, place in placed if place is not None and place.path == page.path)


def _only_policy(root: Path) -> str | None:
    """Give the only policy in `policies`, as the commands do."""
    found = [path for path in (root / _POLICIES).glob("*.yaml") if not is_cases(path)]
    return str(found[0]) if len(found) == 1 else None
