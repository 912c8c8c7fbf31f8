"""A few processes killed while they write a trail, and a few that write at once: `make prove-trail` kills two hundred."""

from __future__ import annotations

import re
import subprocess
import sys

from builders import ROOT

QUICK = ["--kills", "8", "--seconds", "0.5", "--processes", "2", "--threads", "3"]


def test_what_a_killed_process_was_told_is_recorded_and_its_files_verify() -> None:
    command = [sys.executable, str(ROOT / "proofs" / "trail.py"), *QUICK]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert re.sub(r"\d[\d,]* (?!processes|threads)", "", ran.stdout) == (
        "killed: kills, lines torn and mended, lines torn by the kill itself, records, releases acknowledged\n"
        "2 processes of 3 threads: files, releases\n"
    )
