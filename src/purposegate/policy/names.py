"""Whether every name in a policy is well-formed, declared and used where it may stand.

The check reads the tree and not the models, so that an entry with one mistake still shows its others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from purposegate.findings import Severity, did_you_mean, listed
from purposegate.policy.hierarchy import cycles, depths
from purposegate.policy.markup import Findings, Map, Seq, Source
from purposegate.policy.terms import ANY, NAME, NAME_LENGTH, Role

_NAMED: Final = ("categories", "purposes", "recipients", "channels", "conditions", "objections")
_RULES: Final = ("uses", "provisions", "exceptions")
_FILE_NAME: Final = re.compile(r"[^/\\:]+\Z")
_UNDERSCORES: Final = re.compile("__+")
_LISTED_AT_MOST: Final = 12
_SUGGESTIONS: Final = 20
_DEPTH_LIMIT: Final = 32
# Not `localtime` and its like, which mean another zone on every machine.
_ZONE: Final = re.compile(r"UTC\Z|[A-Z][A-Za-z_]+/[A-Za-z0-9_+/-]+\Z")

# Where names of other sections stand in a rule, an objection or a `never`, and what people call them.
_SCOPES: Final = (
    ("data", "categories", "data category"),
    ("purposes", "purposes", "purpose"),
    ("recipients", "recipients", "recipient"),
    ("channels", "channels", "channel"),
    ("conditions", "conditions", "condition"),
    ("unless", "conditions", "condition"),
)


def check_names(tree: Map, source: Source, findings: Findings) -> None:
    """Complain of every name that is malformed, undeclared, in a cycle or out of place, and of names that look alike."""
    _Check(tree, source, findings).run()


class _Check:
    def __init__(self, tree: Map, source: Source, findings: Findings) -> None:
        self.tree = tree
        self.source = source
        self.findings = findings
        # Finding what a name is like takes a thousand times as long as finding that it is unknown.
        self.suggestions = _SUGGESTIONS
        # Declared is what stands in the file, also where its entry is wrong in itself: one mistake, one complaint.
        self.declared = {section: _map(tree, section) for section in _NAMED}

    def run(self) -> None:
        for names in self.declared.values():
            self._spelling(names)
        for section in ("categories", "purposes", "recipients"):
            self._parents(section)
        self._controller()
        self._roles()
        for section in (*_RULES, "never"):
            for entry in _maps(self.tree.get(section)):
                self._scope(entry)
                self._scope(_map(entry, "except"))
                if section == "uses" and "recipients" in _map(entry, "except"):
                    at = _map(entry, "except").keys_at["recipients"]
                    self._complain("wrong-value", "a use clause has no recipients to except", at)
        clauses = {
            clause: None for section in _RULES for rule in _maps(self.tree.get(section)) for clause, _ in _texts(rule, "clause")
        }
        for objection in _maps(list(self.declared["objections"].values())):
            self._scope(objection)
            self._exempt(objection, clauses)
        self._header_and_amendments()

    def _spelling(self, names: Map) -> None:
        alike: dict[str, str] = {}
        for name, at in names.keys_at.items():
            if not NAME.match(name) or len(name) > NAME_LENGTH:
                self._complain("malformed-name", "a name is lower-case letters, digits and `_`, beginning with a letter", at)
                continue
            if name == ANY:
                self._complain("malformed-name", f"`{ANY}` is what covers everything, and no name", at)
                continue
            other = alike.setdefault(_skeleton(name), name)
            if other != name:
                self._confusable(f"`{name}` looks like `{other}`: a reader would confuse them", at)
            elif "__" in name:
                self._confusable(f"`{name}` has a doubled `_`, which a reader takes for one", at)

    def _parents(self, section: str) -> None:
        parents: dict[str, tuple[str, ...]] = {}
        for name, entry in self.declared[section].items():
            above = list(_texts(entry, "parent"))
            parents[name] = tuple(parent for parent, _ in above)
            self._refer(above, section, "parent")
        in_cycles = False
        for cycle in cycles(parents):
            in_cycles = True
            shown = " > ".join(f"`{name[:NAME_LENGTH]}`" for name in (*cycle[:8], cycle[0]))
            self._complain("cycle", f"a name lies under itself: {shown}", self.declared[section].keys_at[cycle[0]])
        if not in_cycles:
            deep = next((name for name, depth in depths(parents) if depth > _DEPTH_LIMIT), None)
            if deep is not None:
                message = f"more than {_DEPTH_LIMIT} names lie one under the other"
                self._complain("too-deep", message, self.declared[section].keys_at[deep])

    def _controller(self) -> None:
        for controller, at in _texts(self.tree.get("policy"), "controller"):
            self._refer([(controller, at)], "recipients", "recipient")
            for name, entry in self.declared["recipients"].items():
                has_role = isinstance(entry, Map) and entry.get("role") == Role.CONTROLLER
                if has_role != (name == controller):
                    message = "the controller, and nothing else, has `role: controller`"
                    self._complain("controller", message, self.declared["recipients"].keys_at[name])

    def _roles(self) -> None:
        for name, entry in self.declared["recipients"].items():
            if isinstance(entry, Map) and ("role" in entry) == ("parent" in entry):
                message = "a recipient has either a role (at the root of a tree) or a parent"
                self._complain("role", message, self.declared["recipients"].keys_at[name])

    def _exempt(self, objection: Map, clauses: Mapping[str, None]) -> None:
        for clause, at in _texts(objection, "exempt"):
            if clause not in clauses:
                short = [known for known in clauses if len(known) <= NAME_LENGTH] if self._may_suggest() else []
                help_ = did_you_mean(clause, short)
                self._complain("unknown-clause", "no rule cites the clause that is exempt", at, help_)

    def _header_and_amendments(self) -> None:
        for prose, at in _texts(self.tree.get("policy"), "prose"):
            if not _FILE_NAME.match(prose) or prose in (".", ".."):
                self._complain("prose-file", "the prose is a file beside the policy, named without a folder", at)
        for zone, at in _texts(self.tree.get("amendments"), "time_zone"):
            try:
                ZoneInfo(zone if _ZONE.match(zone) else "no zone")
            except (KeyError, OSError, ValueError):  # no such zone, a folder of zones, or no key at all
                self._complain("time-zone", "expected an IANA time zone, as Asia/Tokyo", at)

    def _scope(self, entry: Map) -> None:
        for key, section, word in _SCOPES:
            value = entry.get(key)
            if isinstance(value, Seq):
                self._refer(_texts(entry, key), section, word)

    def _refer(self, names: Iterator[tuple[str, int]] | list[tuple[str, int]], section: str, word: str) -> None:
        known: Mapping[str, Any] = self.declared[section]
        for name, at in names:
            if name in known:
                continue
            shown = f" `{name}`" if NAME.match(name) and len(name) <= NAME_LENGTH else ""
            if section == "recipients" and "/" in name:
                help_: str | None = "a policy names classes; an instance, as `class/id`, is named by the use"
            elif name == ANY:
                help_ = f"what covers everything says `{ANY}` without brackets"
            else:
                help_ = self._suggestion(name, known)
            self._complain("undeclared-name", f"the {word}{shown} is not declared under `{section}`", at, help_)

    def _suggestion(self, name: str, known: Mapping[str, Any]) -> str | None:
        if not self._may_suggest():
            return None
        names = [each for each in known if len(each) <= NAME_LENGTH]
        few = f"declared there: {listed(names)}" if 0 < len(names) <= _LISTED_AT_MOST else None
        return did_you_mean(name, names) or few

    def _may_suggest(self) -> bool:
        self.suggestions -= 1
        return self.suggestions >= 0

    def _confusable(self, message: str, at: int) -> None:
        self.findings.append(self.source.finding("confusable-names", message, at, severity=Severity.WARNING))

    def _complain(self, slug: str, message: str, at: int, help_: str | None = None) -> None:
        self.findings.append(self.source.finding(slug, message, at, help_))


def _map(node: object, key: str) -> Map:
    found = node.get(key) if isinstance(node, Map) else None
    return found if isinstance(found, Map) else Map(0)


def _maps(nodes: object) -> Iterator[Map]:
    if isinstance(nodes, list):
        yield from (node for node in nodes if isinstance(node, Map))


def _texts(node: object, key: str) -> Iterator[tuple[str, int]]:
    """Give the text at a key, or each text of the list there, with its position."""
    value = node.get(key) if isinstance(node, Map) else None
    if isinstance(node, Map) and isinstance(value, str):
        yield str(value), node.values_at[key]
    elif isinstance(value, Seq):
        yield from ((str(item), at) for item, at in zip(value, value.items_at, strict=True) if isinstance(item, str))


def _skeleton(name: str) -> str:
    return _UNDERSCORES.sub("_", name).replace("rn", "m").replace("l", "1").replace("o", "0")
