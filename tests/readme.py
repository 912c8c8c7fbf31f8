"""The parts of the README that programs print: `python tests/readme.py` puts them in, a test holds them to it."""

from __future__ import annotations

import inspect
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from leaks.running import programs
from typer import Typer

from purposegate.tools.lint import rules
from purposegate.tools.scanning.kinds import kinds

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "proofs"))  # as pytest finds it

from precision import main as count_precision  # noqa: E402 - found by the line above

README = ROOT / "README.md"


def demo() -> str:
    """Give what the demo prints."""
    story = subprocess.run(
        [sys.executable, "examples/hiring_service.py"], cwd=ROOT, capture_output=True, check=True, text=True, timeout=120
    )
    return f"```text\n{story.stdout}```"


def commands() -> str:
    """Give the table of commands, from the command line's own help."""
    from purposegate.cli.app import app  # noqa: PLC0415 - the command line's import is wanted only here

    lines = ["| command | what it does |", "|---|---|"]
    lines += [f"| `{name}` | {first} |" for name, first in _commands_of(app, "purposegate")]
    return "\n".join(lines)


def lint_rules() -> str:
    """Give the table of lint rules, from their pages."""
    lines = ["| rule | severity | what it does | why | `--fix` |", "|---|---|---|---|---|"]
    lines += [f"| `{rule.slug}` | {rule.severity} | {rule.does} | {rule.why} | {'yes' if rule.fixed else ''} |" for rule in rules()]
    return "\n".join(lines)


def _commands_of(app: Typer, name: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a group, and the groups of a group, each with the first line of its help."""
    for command in app.registered_commands:
        function = command.callback
        assert function is not None
        yield f"{name} {command.name or function.__name__}", inspect.cleandoc(function.__doc__ or "").splitlines()[0]
    for group in app.registered_groups:
        inner = group.typer_instance
        assert inner is not None
        here = f"{name} {inner.info.name}"
        if inner.registered_groups:
            yield from _commands_of(inner, here)
        else:
            yield here, str(inner.info.help)


def leaks() -> str:
    """Give the table of the battery's programs, from what stands in their files; a test holds each to what is said of it."""
    battery = programs()
    blocked = [each for each in battery if each.reason is None]
    lines = [
        f"Of {len(battery)} programs {len(blocked)} are blocked, and {len(battery) - len(blocked)} cannot be in Python.",
        "",
        "| kind | what the program does | with the library |",
        "|---|---|---|",
    ]
    for each in [*blocked, *(each for each in battery if each.reason is not None)]:
        end = "blocked" if each.reason is None else f"not blockable: {each.reason}"
        lines.append(f"| {each.group.replace('_', ' ')} | {each.sentence} | {end} |")
    return "\n".join(lines)


def scan() -> str:
    """Give what a scan says of the README's own example."""
    example = README.read_text(encoding="utf-8").partition("turns red. Of this:\n\n```python\n")[2].partition("```\n")[0]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mailing.py"
        file.write_text(f"from typing import Annotated\n\nfrom pydantic import BaseModel\n\n{example}", encoding="utf-8")
        policy = "policies/en-japan-video-interview.yaml"
        arguments = ["scan", str(file), "--policy", policy, "--isolated", "--no-cache", "--ignore", "declared-never-used"]
        command = [str(Path(sys.executable).with_name("purposegate")), *arguments]
        printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True, timeout=120).stdout
        return f"```text\n{printed.replace(str(file), 'mailing.py')}```"


def precision() -> str:
    """Give the table of how often a scan is right."""
    with redirect_stdout(StringIO()) as printed:
        assert count_precision(["--readme"]) == 0
    return printed.getvalue().rstrip()


def findings() -> str:
    """Give the table of what a scan finds, from the pages."""
    lines = ["| finding | severity | what it tells | why |", "|---|---|---|---|"]
    lines += [f"| `{kind.slug}` | {kind.severity} | {kind.does} | {kind.why} |" for kind in kinds()]
    return "\n".join(lines)


GENERATED = {
    "demo": demo,
    "commands": commands,
    "rules": lint_rules,
    "scan": scan,
    "findings": findings,
    "precision": precision,
    "leaks": leaks,
}


def part(text: str, name: str) -> str:
    """Give what stands between a part's marks."""
    return text.partition(f"<!-- {name}: begin -->\n")[2].partition(f"\n<!-- {name}: end -->")[0]


def with_part(text: str, name: str, content: str) -> str:
    """Put a part between its marks."""
    before, begin, rest = text.partition(f"<!-- {name}: begin -->\n")
    _, end, after = rest.partition(f"<!-- {name}: end -->")
    return f"{before}{begin}{content}\n{end}{after}"


if __name__ == "__main__":
    text = README.read_text()
    for name, content in GENERATED.items():
        text = with_part(text, name, content())
    README.write_text(text)
