"""The scan behind an editor's diagnostics: the same as the command's, of what is typed, and in a process that can be ended."""

from __future__ import annotations

import asyncio
import json
import os
import select
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from editor import Editor
from lsprotocol import types
from test_cli import run
from test_lsp import POLICY, PROSE, SERVICE

SETTINGS = """[tool.purposegate]
policy = "shop.yaml"

[tool.purposegate.scan]
paths = ["src"]
exclude = ["src/old", "*_test.py"]
assume = ["consent"]
baseline = "known.json"

[tool.purposegate.scan.ignore]
use-without-label = "labels are being added"
"""
MODEL = """from dataclasses import dataclass
from typing import Annotated

from purposegate import Gate, Personal

gate = Gate.load("shop.yaml")
WHO = "data_broker"


@dataclass
class Order:
    email: Annotated[str, Personal("email_address")]
    phone: str
    never: Annotated[str, Personal("contact_data")]
"""
LEAKING = """from model import WHO, Order, gate


def ship(order: Order) -> str:
    gate.check(
        "email_address",
        "shiping",
    )
    return f"日本{order.email}"


def raffle(orders: list[Order]) -> str:
    gate.check("email_address", "raffle")
    gate.check("name", "shipping", "carrier")
    return orders[0].email


def broker(order: Order) -> str:
    gate.check("email_address", "shipping", WHO)
    return order.email


def excused(order: Order) -> str:
    # purposegate: ignore[unguarded-read] shown on the parcel
    return order.email


def bare(order: Order) -> str:
    return order.email  # purposegate: ignore[unguarded-read]


def idle(order) -> int:
    # purposegate: ignore[unknown-purpose] nothing here
    return len(order.email)
"""
KNOWN = """from model import Order


def noted(order: Order) -> str:
    return order.email
"""
EMPTY_BASELINE = '{"purposegate_baseline": 1, "findings": []}'
FILES = {
    "src/model.py": MODEL,
    "src/leaking.py": LEAKING,
    "src/known.py": KNOWN,
    "src/broken.py": "def broken(:\n",
    "src/old/leaking.py": LEAKING,
    "src/mail_test.py": LEAKING,
    "other.py": LEAKING.replace("from model", "from src.model"),
}
# What each of two findings says of itself: slug, severity, line, column, message with its help.
Told = tuple[str, str, int, int, str]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with asyncio.Runner() as runner:
        session = Editor(runner)
        yield session
        assert session.leave() == 0
        assert session.log == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "shop.txt").write_text(PROSE)
    (tmp_path / "shop.yaml").write_text(POLICY)
    return tmp_path


def save(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def scanned(root: Path) -> dict[str, list[Told]]:
    """Give what the command finds in each Python file."""
    done = run("scan", "--no-cache", "--format", "json", cwd=root)
    told: dict[str, list[Told]] = {}
    for each in json.loads(done.stdout):
        message = each["message"] if each["help"] is None else f"{each['message']}\nhelp: {each['help']}"
        if each["path"].endswith(".py"):
            told.setdefault(each["path"], []).append((each["slug"], each["severity"], each["line"], each["column"], message))
    return {path: sorted(found) for path, found in told.items()}


def diagnosed(editor: Editor, root: Path, texts: dict[str, str]) -> dict[str, list[Told]]:
    """Open files with unsaved texts, and give what is told of each once all are open."""
    for path, text in texts.items():
        editor.open(root / path, text)
    last = root / list(texts)[-1]
    editor.type(last, texts[list(texts)[-1]])
    severities = {1: "error", 2: "warning", 3: "note"}
    told = {}
    for path, text in texts.items():
        found = editor.diagnostics[(root / path).as_uri()]
        if found:
            lines = text.split("\n")
            told[path] = sorted(
                (str(each.code), severities[each.severity or 0], start.line + 1, column(lines[start.line], start), each.message)
                for each in found
                for start in [each.range.start]
            )
    return told


def column(line: str, position: types.Position) -> int:
    """Count a column in characters from 1; the protocol counts UTF-16 units from 0."""
    return len(line.encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")) + 1


def test_an_editor_is_told_of_code_exactly_what_the_command_finds(editor: Editor, project: Path) -> None:
    save(project, {path: FILES[path] for path in ("src/model.py", "src/known.py")})
    assert run("scan", "--no-cache", "--write-baseline", cwd=project).returncode == 0
    save(project, FILES)

    found = scanned(project)

    assert diagnosed(editor, project, FILES) == found
    assert {each[0] for told in found.values() for each in told} >= {
        "unguarded-read",
        "unknown-purpose",
        "unparsable",
        "idle-ignore",
    }


def test_what_is_typed_is_told_of_as_if_it_were_saved(editor: Editor, project: Path) -> None:
    (project / "known.json").write_text(EMPTY_BASELINE)
    save(project, dict.fromkeys(FILES, "") | {"src/old/leaking.py": "", "src/broken.py": KNOWN})
    (project / "src" / "leaking.py").unlink()  # one that was never saved is looked at too

    told = diagnosed(editor, project, FILES)
    save(project, FILES)

    assert told == scanned(project)
    assert "src/leaking.py" in told


def test_the_ends_of_lines_of_an_editor_are_those_of_the_file(editor: Editor, project: Path) -> None:
    (project / "known.json").write_text(EMPTY_BASELINE)
    save(project, FILES)

    told = diagnosed(editor, project, {path: text.replace("\n", "\r\n") for path, text in FILES.items()})

    assert told == scanned(project)


def test_a_finding_is_marked_with_the_whole_expression_that_it_is_about(editor: Editor, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.purposegate]\npolicy = "shop.yaml"\n')
    save(project, {"src/model.py": MODEL, "src/leaking.py": ""})
    found = editor.open(project / "src" / "leaking.py", LEAKING)
    lines = LEAKING.split("\n")

    marked = {
        (str(each.code), each.range.start.line + 1): (
            each.range.end.line + 1,
            lines[each.range.end.line][: each.range.end.character],
        )
        for each in found
    }

    assert marked["unknown-purpose", 5] == (8, "    )")
    assert marked["undeclared-purpose", 13] == (13, '    gate.check("email_address", "raffle")')
    assert marked["unknown-recipient", 19] == (19, '    gate.check("email_address", "shipping", WHO)')
    assert marked["unguarded-read", 29] == (29, "    return order.email")
    (misspelt,) = (each for each in found if each.code == "unknown-purpose")
    assert editor.actions(project / "src" / "leaking.py", misspelt)["Write `shipping`"] == [
        types.TextEdit(types.Range(types.Position(6, 9), types.Position(6, 16)), "shipping")
    ]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ('assume = ["concent"]', "wrong-value"),
        ('baseline = "nowhere.json"', "wrong-value"),
        ('select = ["unknown-purpos"]', "unknown-rule"),
        ("paths = 1", "wrong-value"),
    ],
)
def test_settings_that_cannot_be_used_are_told_where_they_stand_until_they_can(
    editor: Editor, project: Path, settings: str, code: str
) -> None:
    config, service = project / "pyproject.toml", project / "service.py"
    good = '[tool.purposegate]\npolicy = "shop.yaml"\n[tool.purposegate.scan]\n'
    config.write_text(good + settings)
    assert run("scan", cwd=project).returncode == 2

    assert editor.open(service, SERVICE.replace('"shipping"', '"shiping"')) == []
    assert [each.code for each in editor.diagnostics[config.as_uri()]] == [code]
    config.write_text(good)

    assert [each.code for each in editor.save(config, wait_for=service)] == ["unknown-purpose"]
    assert editor.diagnostics[config.as_uri()] == []


class Hanging:
    """A scan that does not end: its baseline is a pipe, into which nobody writes."""

    def __init__(self, editor: Editor, project: Path, name: str = "endless.json") -> None:
        settings = f'[tool.purposegate]\npolicy = "shop.yaml"\n[tool.purposegate.scan]\nbaseline = "{name}"\n'
        (project / "pyproject.toml").write_text(settings)
        self.pipe = project / name
        os.mkfifo(self.pipe)
        editor.begin(project / "service.py", SERVICE)
        self.end = editor.run(self._opened())

    async def _opened(self) -> IO[bytes]:
        """Wait until the scan reads the pipe."""
        try:
            return await asyncio.get_running_loop().run_in_executor(None, lambda: self.pipe.open("wb", buffering=0))
        except asyncio.CancelledError:
            os.close(os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK))  # so that the thread ends
            raise

    def has_ended(self) -> bool:
        """Wait until nobody reads the pipe any more."""
        waiting = select.poll()
        waiting.register(self.end, select.POLLERR)
        with self.end:
            return [event for _, event in waiting.poll(60_000)] == [select.POLLERR]


def test_a_long_scan_holds_nothing_up_and_is_ended_by_newer_text_or_with_its_editor(project: Path) -> None:
    service = project / "service.py"
    with asyncio.Runner() as runner:
        editor = Editor(runner)
        hanging = Hanging(editor, project)

        assert editor.open(project / "shop.yaml", "purposegate: 2\n") != []
        assert "**`shipping`**: purpose" in editor.hovered(service, types.Position(15, 35))
        assert service.as_uri() not in editor.diagnostics

        hanging.pipe.unlink()
        hanging.pipe.write_text(EMPTY_BASELINE)
        found = editor.type(service, SERVICE.replace('"shipping"', '"shiping"'))
        assert [each.code for each in found] == ["unknown-purpose"]
        assert hanging.has_ended()

        again = Hanging(editor, project, "again.json")
        assert editor.leave() == 0
        assert again.has_ended()


def test_a_scan_ends_though_the_server_was_killed(project: Path) -> None:
    with asyncio.Runner() as runner:
        editor = Editor(runner)
        hanging = Hanging(editor, project)

        assert editor.kill() == -signal.SIGKILL
        assert hanging.has_ended()


def test_a_module_of_the_project_that_is_called_like_one_of_pythons_is_not_run(editor: Editor, project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.purposegate]\npolicy = "shop.yaml"\n')
    for name in ("json.py", "yaml.py", "purposegate.py", "sitecustomize.py"):
        (project / name).write_text("from pathlib import Path\nPath(__file__).with_name('was-run').touch()\n")

    assert editor.open(project / "service.py", SERVICE.replace('"shipping"', '"raffle"')) != []
    assert not (project / "was-run").exists()
