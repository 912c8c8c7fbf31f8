"""A few processes killed while they write, and a few that write at once: `make prove-ledger` does it two hundred times."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from builders import ROOT

QUICK = ["--kills", "10", "--seconds", "0.3", "--processes", "2", "--threads", "3", "--withdrawals", "5"]


def proven(database: str) -> str:
    command = [sys.executable, str(ROOT / "proofs" / "ledger.py"), "--only", database, *QUICK]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")
    return re.sub(r"\d[\d,]* (?!processes|threads)", "", ran.stdout)


def told(database: str) -> str:
    return (
        f"{database}, killed: kills, records acknowledged, releases kept\n"
        f"{database}, 2 processes of 3 threads: decisions, releases, spends\n"
        f"{database}, seen by 2 processes: decisions of others, releases meanwhile, withdrawals\n"
    )


def test_what_a_killed_process_was_told_is_kept_and_processes_see_each_other_on_sqlite() -> None:
    assert proven("sqlite") == told("SQLite")


@pytest.mark.usefixtures("databases")
def test_what_a_killed_process_was_told_is_kept_and_processes_see_each_other_on_postgresql() -> None:
    assert proven("postgresql") == told("PostgreSQL")
