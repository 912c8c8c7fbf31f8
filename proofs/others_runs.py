"""Other programs that say something about personal data in code, each run as its own documentation says, in its own venv.

None of their code or text is here. Each gets the most favourable set-up that its vocabulary allows.
"""

from __future__ import annotations

import builtins
import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import yaml
from others_marked import UNGUARDED, Fixture, Told, callees

VENVS: Final = Path(".venv/others")
_DEADLINE: Final = 300.0

# What a gate's methods are called: for a program that knows a guard by its name alone.
_GUARDS: Final = frozenset({"check", "acheck", "decide", "adecide", "purpose", "bind", "open", "aopen", "disclose", "adisclose"})


_EVERYWHERE: Final = frozenset(vars(builtins)) - {"print", "vars"}


class Skipped(Exception):  # noqa: N818 - nothing went wrong: a program is not here
    """Why a program was not run."""


class Statement(NamedTuple):
    """A use that somebody wrote down by hand, for a program that reads no code; and whether it must be refused."""

    row: str
    data_category: str
    purpose: str
    third_party: str | None
    wrong: bool


STATEMENTS: Final = (
    Statement("undeclared purpose", "video_interview", "distribute_advertising", None, wrong=True),
    Statement("misspelt category", "video_intervew", "distribute_advertising", None, wrong=True),
    Statement("misspelt purpose", "usage_history", "distribute_advertisements", None, wrong=True),
    Statement("unlisted recipient", "usage_history", "distribute_advertising", "an advertising network", wrong=True),
    Statement("consent not shown", "usage_history", "distribute_advertising", "a third party, with consent", wrong=True),
    Statement("a permitted use", "usage_history", "distribute_advertising", None, wrong=False),
)


def avaril(root: Path, fixtures: tuple[Fixture, ...]) -> Iterable[Told]:
    """Run `avaril scan` with a pack of one constraint: whatever takes data out comes after a call of the gate.

    No pack is published. A sink is a call by its name, so every callee that stands on a line marked `unguarded-read` is declared as
    one: better than any project could do. What every program calls, as `len`, is left out, or most of the code would be sinks.
    """
    program = _program("avaril-cli", "avaril")
    unguarded = tuple(fixture for fixture in fixtures if fixture.path.startswith(UNGUARDED))
    sinks = {name for name, marked in callees(root, unguarded) if marked and not _is_guard(name) and name not in _EVERYWHERE}
    guards = {name for name, _ in callees(root, unguarded) if _is_guard(name)}
    pack = root / ".avaril" / "packs" / "compare" / "1"
    (pack / "constraints").mkdir(parents=True)
    classes = {"sink_classes": {"uses": sorted(sinks)}, "guard_classes": {"gate": sorted(guards)}}
    pack.joinpath("pack.json").write_text(
        json.dumps({"schema_version": 1, "pack_id": "compare", "version": "1", "constraints": ["guarded"], **classes}), "utf-8"
    )
    detector = {"type": "sink", "query": "sink(uses) guarded_by(gate)", "bind": {"guarded": "guarded", "total": "total"}}
    constraint = {"schema_version": 1, "id": "guarded", "regulation": "none", "title": "uses are guarded", "severity": "high"}
    _write(
        pack / "constraints" / "guarded.yaml",
        {**constraint, "detectors": [detector], "assert": "guarded == total", "min_evidence": 0},
    )
    _write(root / ".avaril" / "config.yaml", {"schema_version": 1, "pack_id": "compare", "pack_version": "1"})
    entity = {"id": "email_address", "purpose": "send_service_email", "retention_days": 1, "processors": []}
    _write(root / ".avaril" / "manifest.yaml", {"schema_version": 1, "entities": [entity]})
    said = _ran([program, "scan", "--path", str(root)])
    results = sorted((root / ".avaril" / "scans").glob("*/result.json"))
    if not results:
        raise Skipped(f"it wrote no result: {said.stderr.strip().splitlines()[-1:]}")
    answer = json.loads(results[-1].read_text("utf-8"))
    for result in answer["results"]:
        if result["outcome"] == "cannot_verify":
            raise Skipped("it could not verify the constraint")
        yield from (Told(each["file"], each["lines"][0], each["lines"][1]) for each in result["findings"])


def privalyse(root: Path, _: tuple[Fixture, ...]) -> Iterable[Told]:
    """Run `privalyse` as it comes."""
    program = _program("privalyse-cli", "privalyse")
    out = root / "privalyse.json"
    _ran([program, "--root", str(root), "--format", "json", "--out", str(out), "--quiet"])
    if not out.is_file():
        raise Skipped("it wrote no report")
    for finding in json.loads(out.read_text("utf-8"))["findings"]:
        path = Path(finding["file"])
        line = int(finding["line"])
        yield Told((path.relative_to(root) if path.is_absolute() else path).as_posix(), line, line)


def fides(folder: Path) -> Mapping[str, bool]:
    """Run `fides evaluate` over one statement after another; tell which of them it refuses."""
    program = _program("ethyca-fides", "fides")
    return {statement.row: _refused(program, folder / str(number), statement) for number, statement in enumerate(STATEMENTS)}


def _refused(program: str, folder: Path, statement: Statement) -> bool:
    """Let Fides judge one declaration of a system by clause 3(8) as a rule: no other data for advertising."""
    opened = ["attribute_information", "terminal_information", "usage_history"]
    rule = {
        "name": "3(8)",
        "data_categories": {"matches": "OTHER", "values": opened},
        "data_uses": {"matches": "ANY", "values": ["distribute_advertising"]},
        "data_subjects": {"matches": "ANY", "values": ["candidate"]},
    }
    declaration: dict[str, object] = {
        "name": "use",
        "data_categories": [statement.data_category],
        "data_use": statement.purpose,
        "data_subjects": ["candidate"],
    }
    if statement.third_party is not None:
        declaration |= {"data_shared_with_third_parties": True, "third_parties": statement.third_party}
    (folder / ".fides").mkdir(parents=True)
    _write(
        folder / ".fides" / "all.yml",
        {
            "data_category": [{"fides_key": key, "name": key} for key in (*opened, "video_interview")],
            "data_use": [{"fides_key": "distribute_advertising", "name": "advertising"}],
            "data_subject": [{"fides_key": "candidate", "name": "candidate"}],
            "policy": [{"fides_key": "promise", "name": "promise", "rules": [rule]}],
            "system": [{"fides_key": "s", "name": "s", "system_type": "Service", "privacy_declarations": [declaration]}],
        },
    )
    said = _ran([program, "--local", "evaluate", "--dry", ".fides"], folder)
    if said.returncode not in {0, 1}:
        raise Skipped(f"it ended with {said.returncode}")
    return said.returncode == 1


def version(package: str) -> str | None:
    """Tell which version of a package is installed in its venv."""
    python = VENVS / package / "bin" / "python"
    if not python.is_file():
        return None
    said = _ran([str(python), "-c", f"from importlib.metadata import version; print(version({package!r}))"])
    return said.stdout.strip() or None


def _program(package: str, name: str) -> str:
    program = VENVS / package / "bin" / name
    if not program.is_file():
        raise Skipped(f"`{package}` could not be installed")
    return str(program.absolute())


def _is_guard(name: str) -> bool:
    return name.rpartition(".")[2] in _GUARDS


def _write(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, sort_keys=False), "utf-8")


def _ran(command: list[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    try:
        # Programs that report to their makers are told not to, and nothing of this environment is passed on but the path.
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder or "/nonexistent"), "FIDES__USER__ANALYTICS_OPT_OUT": "true"}
        return subprocess.run(  # noqa: S603 - programs that this proof installed, by their paths
            command, cwd=folder, capture_output=True, text=True, timeout=_DEADLINE, check=False, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Skipped(f"it did not run: {type(error).__name__}") from error


RUNS: Final[Mapping[str, Callable[[Path, tuple[Fixture, ...]], Iterable[Told]]]] = {
    "avaril-cli": avaril,
    "privalyse-cli": privalyse,
}
