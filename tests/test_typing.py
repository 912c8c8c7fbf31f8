"""The types of decorators, as pyright sees them; mypy reads the same file with the rest of the code, and strictly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FILE = Path(__file__).parent / "typing_guard.py"
SOURCES = Path(__file__).parent.parent / "src"


def test_pyright_sees_the_same_types_and_the_same_errors(tmp_path: Path) -> None:
    settings = tmp_path / "pyrightconfig.json"
    (tmp_path / FILE.name).write_text(FILE.read_text())
    settings.write_text(json.dumps({"include": [FILE.name], "extraPaths": [str(SOURCES)], "enableTypeIgnoreComments": False}))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(settings), "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    told = json.loads(done.stdout)["generalDiagnostics"]
    wrong = sorted({each["range"]["start"]["line"] + 1 for each in told if each["severity"] == "error"})
    meant = [number for number, line in enumerate(FILE.read_text().splitlines(), 1) if line.endswith("# error")]
    assert wrong == meant
    assert len(meant) == 5
