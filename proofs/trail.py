"""Kill processes that write a trail at full speed, and have many write at once.

What a process was told to be released has its record, once and whole; every chain verifies, before it is mended and after; a last
line that is torn is told apart from tampering and cut off by the next process. Exits with 1 where any of it does not hold, and
where nothing was killed or written.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from threading import Thread
from typing import IO, Final

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # where the small policies are

from builders import a_policy, a_provision
from processes import Outcome, forked, several

from purposegate import FileSink, Gate
from purposegate.trail.chain import Head
from purposegate.trail.mending import heads_in
from purposegate.trail.report import State
from purposegate.trail.verifying import verify

POLICY: Final = a_policy(provisions=[a_provision()])
EVERY: Final = 50  # of which one is a provision, and waits for the disk


def main() -> int:
    """Prove both, and print what was counted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="how many processes are killed")
    options.add_argument("--seconds", type=float, default=10.0, help="how long all write at once")
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--threads", type=int, default=8, help="in each process")
    asked = options.parse_args()
    logging.getLogger("purposegate").setLevel(logging.ERROR)  # each file that is mended would be told of
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for outcome in (
            killed("killed", Path(folder) / "killed", asked.kills),
            at_once(f"{asked.processes} processes of {asked.threads} threads", Path(folder) / "at-once", asked),
        ):
            print(outcome, flush=True)
            failed += len(outcome.wrong)
    return 1 if failed else 0


# Killed.


def killed(what: str, folder: Path, kills: int) -> Outcome:
    """Kill one process after the other at a random moment of its writing, and look for what each was told to be released."""
    chance = random.Random(9)
    outcome = Outcome(what)
    for number in range(kills):
        trail = folder / f"{number // 5}"  # a folder holds files of several processes, and no reading takes for ever
        known = set(trail.glob("*.jsonl"))
        acknowledged = kill(trail, chance.uniform(0.0, 0.15))
        outcome.counts["kills"] += 1
        outcome.counts["releases acknowledged"] += sum(acknowledged)
        [path] = set(trail.glob("*.jsonl")) - known
        look_at(trail, path, acknowledged, chance, outcome)
    outcome.expect(outcome.counts["releases acknowledged"] > 100 * kills, "nearly nothing was written")
    outcome.expect(outcome.counts["lines torn and mended"] > 0, "no line was torn")
    return outcome


def kill(folder: Path, after: float) -> list[int]:
    """Have a process write until it is killed; give how many releases of each of its threads it said there were."""
    with forked(lambda _, told: write_for_ever(folder, told)) as (pid, heard, _):
        first = heard.readline()
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
        lines = [first, *heard]
    said = [line.split() for line in lines if line.endswith("\n")]
    return [max((int(turn) for thread, turn in said if int(thread) == each), default=0) for each in range(3)]


def write_for_ever(folder: Path, told: IO[str]) -> None:
    """Release at full speed, by three threads, and say so as soon as it is."""
    gate = Gate(POLICY, trail=FileSink(folder))
    number = told.fileno()

    def write(thread: int) -> None:
        turn = 0
        while True:
            turn += 1
            recipient = None if turn % EVERY else "carrier/acme"
            gate.check("email_address", "shipping", recipient, subject=f"{thread}-{turn}")
            os.write(number, b"%d %d\n" % (thread, turn))

    threads = [Thread(target=write, args=(each,), daemon=True) for each in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def look_at(folder: Path, path: Path, acknowledged: list[int], chance: random.Random, outcome: Outcome) -> None:
    """Look whether what was acknowledged is there, before the file is mended and after, and what becomes of a line that is torn."""
    there = Counter(record["subject"] for record in records_of(path))
    outcome.counts["records"] += there.total()
    for thread, turns in enumerate(acknowledged):
        missing = [turn for turn in range(1, turns + 1) if there[f"{thread}-{turn}"] != 1]
        outcome.expect(not missing, f"{len(missing)} releases were acknowledged, and have no record or two")
    left = state_of(folder, path)  # the kernel may be killed out of the middle of a write, too
    outcome.counts["lines torn by the kill itself"] += left is State.TORN
    outcome.expect(left in {State.UNFINISHED, State.TORN}, f"a killed process left a file that is {left}")
    heads = heads_in(folder)
    tear(folder, path, chance, heads, outcome)
    FileSink(folder).close()
    outcome.expect(state_of(folder, path) is State.MENDED, f"the file of a killed process was not mended: {state_of(folder, path)}")
    wrong = {each.state for each in verify(folder, heads)} - {State.WHOLE, State.MENDED}
    outcome.expect(not wrong, f"a mended trail holds a file that is {', '.join(sorted(wrong))}")
    outcome.expect(Counter(record["subject"] for record in records_of(path)) == there, "mending lost a record")


def tear(folder: Path, path: Path, chance: random.Random, heads: tuple[Head, ...], outcome: Outcome) -> None:
    """Do to a copy what a crash in the middle of a write would have done, and then mend it."""
    copy = folder.with_name("torn")
    shutil.copytree(folder, copy)
    there = copy / path.name
    before = there.read_bytes()
    whole = before[: before.rindex(b"\n", 0, -1) + 1]
    there.write_bytes(before[: chance.randrange(len(whole) + 1, len(before))])
    cut_a_seal = before[len(whole) :].startswith(b'{"seal"')
    outcome.expect(state_of(copy, there) is State.TORN, f"a torn line was taken for a file that is {state_of(copy, there)}")
    FileSink(copy).close()
    outcome.expect(state_of(copy, there) is State.MENDED, "a torn line was not mended")
    outcome.counts["lines torn and mended"] += 1
    # A seal that somebody remembers was written whole: where it is gone, it was cut off.
    remembered = State.TAMPERED if cut_a_seal else State.MENDED
    [state] = [each.state for each in verify(copy, heads) if each.name == path.name]
    outcome.expect(state is remembered, f"with the heads from before, a torn line was taken for a file that is {state}")
    shutil.rmtree(copy)


def state_of(folder: Path, path: Path) -> State:
    """Give the state of one file of a trail."""
    [state] = [each.state for each in verify(folder) if each.name == path.name]
    return state


def records_of(path: Path) -> list[dict[str, str]]:
    """Give the records of a file, line by line and naively."""
    return [
        json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.startswith(b'{"id"') and line[-1:] == b"\n"
    ]


# At once.


def at_once(what: str, folder: Path, asked: argparse.Namespace) -> Outcome:
    """Have several processes of several threads write one trail; look whether all of it is there."""
    outcome = Outcome(what)
    with several(asked.processes, lambda number: lambda _, told: write_for_a_while(number, folder, asked, told)) as children:
        released = [int(heard.readline() or 0) for _, heard, _ in children]
    subjects: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for path in folder.glob("*.jsonl"):
        for record in records_of(path):
            subjects[record["subject"]] += 1
            ids[record["id"]] += 1
    outcome.counts["releases"] = sum(released)
    outcome.counts["files"] = len(list(folder.glob("*.jsonl")))
    outcome.expect(all(released), "a process said nothing")
    outcome.expect(subjects.total() == len(subjects) == len(ids) == sum(released), "a release has no record, or two")
    states = Counter(each.state for each in verify(folder))
    outcome.expect(set(states) == {State.WHOLE}, f"the trail holds files that are {', '.join(sorted(states))}")
    outcome.expect(outcome.counts["files"] > asked.processes, "no file had grown large")
    return outcome


def write_for_a_while(number: int, folder: Path, asked: argparse.Namespace, told: IO[str]) -> None:
    """Release by several threads, into files that grow large, and say at the end how often."""
    sink = FileSink(folder, largest=500_000)
    gate = Gate(POLICY, trail=sink)
    until = time.monotonic() + asked.seconds
    released = [0] * asked.threads

    def work(thread: int) -> None:
        while time.monotonic() < until:
            recipient = None if (released[thread] + 1) % EVERY else "carrier/acme"
            gate.check("email_address", "shipping", recipient, subject=f"{number}-{thread}-{released[thread] + 1}")
            released[thread] += 1

    threads = [Thread(target=work, args=(each,)) for each in range(asked.threads)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    sink.close()
    told.write(f"{sum(released)}\n")


if __name__ == "__main__":
    sys.exit(main())
