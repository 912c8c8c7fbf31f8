"""Share one gate between threads, with and without reloads, and between forked processes; then share other engines by threads.

An answer is right where the whole decision equals that of a gate of its own, asked by one thread beforehand, under the revision
that had to answer; and the reasons of those are what the naive reading (`tests/spec.py`) gives. Exits with 1 where the shared gate
answers wrong, raises or hangs, and where nothing was asked, reloaded or forked; what the other engines do is only told.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, cycle
from pathlib import Path
from threading import Event
from typing import Any, Final

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))  # whose policies are shared
sys.path.append(str(Path(__file__).parent.parent / "tests"))  # where the naive reading is

from sizes import PROSE, Triple, a_policy_of, as_block_yaml, denied_triples, permitted_triples
from spec import verdict
from together import (
    HUNG,
    KINDS,
    PATIENCE,
    PROVISIONS,
    RAISED,
    RIGHT,
    THREADS,
    WRONG_ALLOW,
    WRONG_DENIAL,
    WRONG_OTHERWISE,
    Counts,
    Outcome,
    Work,
    prepare,
    together,
)

from purposegate import Decision, Gate, PurposeViolation
from purposegate.gate.bound import BoundGate

CHILDREN: Final = 4
RELOADS, FORKS = "reloads", "forks"


def main() -> int:
    """Run every part and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="how long each engine is shared")
    options.add_argument("--quick", action="store_true", help="half a second each")
    options.add_argument("--alone", action="store_true", help="leave out the other engines, which need not be installed then")
    asked = options.parse_args()
    seconds = 0.5 if asked.quick else asked.seconds
    prepare()
    ours = [in_a_folder(part, seconds) for part in (by_threads, by_reloads, by_forks)]
    others: list[Outcome] = []
    if not asked.alone:
        from shared_others import outcomes  # noqa: PLC0415 - other engines are installed only for this

        others = list(outcomes(seconds))
    print(f"one engine, {THREADS} threads, {seconds:g} s each; every answer compared with the right one\n")
    print(f"{'':<56}" + "".join(f"{kind:>17}" for kind in KINDS))
    for outcome in (*ours, *others):
        print(f"{outcome.what:<56}" + "".join(f"{outcome.counts[kind]:>17,}" for kind in KINDS) + f"  {outcome.ended}".rstrip())
    gates = [outcome for outcome in (*ours, *others) if outcome.what.startswith("purposegate")]
    failed = [outcome.what for outcome in gates if not outcome.proven]
    print(f"\n{sum(outcome.wrong for outcome in gates)} wrong answers of the gate", *failed, sep="\n  NOT PROVEN: ")
    return 1 if failed else 0


class Shared:
    """A gate on a file that holds one of two revisions, and what each must answer."""

    def __init__(self, folder: Path) -> None:
        """Work out by one thread what is right, and load the gate that will be shared."""
        self.path = folder / "large.yaml"
        (folder / "large.txt").write_text(PROSE)
        document = a_policy_of(PROVISIONS)
        other = document | {"provisions": a_policy_of(PROVISIONS + 1)["provisions"]}  # the same names
        other["policy"] = document["policy"] | {"revision": "2"}
        self.revisions: dict[str, dict[str, Any]] = {"1": document, "2": other}
        self.triples = sorted(_instances([*_mixed(document), *_mixed(other)]))
        self.right = {
            (revision, triple): decision for revision in self.revisions for triple, decision in self._worked_out(revision)
        }
        if all(self.right["1", triple].permitted == self.right["2", triple].permitted for triple in self.triples):
            raise RuntimeError("the two revisions must differ in what they permit")
        self.put("1")
        self.gate = Gate.load(self.path)
        self.bound = {names: self.gate.bind(*names) for names in {triple[1:] for triple in self.triples}}
        self._numbers = count()

    def put(self, revision: str) -> None:
        """Put a revision into the file, in one step."""
        beside = self.path.with_suffix(f".{os.getpid()}")
        beside.write_text(as_block_yaml(self.revisions[revision]))
        beside.replace(self.path)

    def ask(self, counts: Counts, triple: Triple, revision: str | None = None) -> None:
        """Ask once, each time by another door, and count what came of it; with a revision, only its answer is right."""
        number = next(self._numbers)
        known, (category, purpose, recipient) = triple, triple
        if number % 5 == 0 and recipient.endswith("/i1"):  # an instance that nobody asked by before
            recipient += str(number)

        def bound() -> BoundGate:
            return self.bound[known[1:]] if recipient == known[2] else self.gate.bind(purpose, recipient)

        doors: tuple[Callable[[], Decision], ...] = (
            lambda: self.gate.check(category, purpose, recipient),
            lambda: bound().check(category),
            lambda: self.gate.decide(category, purpose, recipient),
            lambda: bound().decide(category),
        )
        try:
            decision = doors[number % len(doors)]()
        except PurposeViolation as violation:
            decision = violation.decision
        right = self.right[revision or decision.policy.revision, known]
        counts[_kind(decision, replace(right, recipient=recipient))] += 1

    def asking(self, until: Callable[[], bool], revision: str | None = None) -> Iterator[Work]:
        """Give endless work, each beginning somewhere else."""
        for start in count(step=7):
            mine = cycle(self.triples[start % len(self.triples) :] + self.triples[: start % len(self.triples)])

            def work(counts: Counts, mine: Iterator[Triple] = mine) -> None:
                while not until():
                    self.ask(counts, next(mine), revision)

            yield work

    def reloading(self, until: Callable[[], bool], *, put: bool) -> Work:
        """Reload again and again, the other revision or what the file holds; then nothing may answer for the one before."""

        def work(counts: Counts) -> None:
            triples = cycle(self.triples)
            for turn in cycle("21"):
                if until():
                    return
                if put:
                    self.put(turn)
                self.gate.reload()
                counts[RELOADS] += 1
                in_force = turn if put else self.gate.policy.revision
                for _ in range(50):
                    self.ask(counts, next(triples), in_force)

        return work

    def _worked_out(self, revision: str) -> Iterator[tuple[Triple, Decision]]:
        self.put(revision)
        alone = Gate.load(self.path)
        document = self.revisions[revision] | {"exceptions": [], "objections": {}}
        nothing = {"too_early": False, "consulted": False, "shown": (), "registered": False, "objections": ()}
        for triple in self.triples:
            decision = alone.decide(*triple)
            use = dict(zip(("data_category", "purpose", "recipient"), triple, strict=True))
            if decision.reason != verdict(document, use | {"channel": None, "subject": None}, nothing):
                raise RuntimeError(f"{triple}: the gate and the naive reading differ also when one thread asks")
            yield triple, decision


def _mixed(document: dict[str, Any]) -> list[Triple]:
    return permitted_triples(document, 60) + denied_triples(document, 60)


def _instances(triples: list[Triple]) -> set[Triple]:
    """Give the triples, and each with an instance in the place of the class."""
    return {*triples, *((category, purpose, f"{recipient}/i1") for category, purpose, recipient in triples)}


def _kind(decision: Decision, right: Decision) -> str:
    if decision == right:
        return RIGHT
    if decision.permitted == right.permitted:
        return WRONG_OTHERWISE
    return WRONG_ALLOW if decision.permitted else WRONG_DENIAL


def in_a_folder(part: Callable[[Shared, float], Outcome], seconds: float) -> Outcome:
    """Run a part on a gate and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return part(Shared(Path(folder)), seconds)


def by_threads(shared: Shared, seconds: float) -> Outcome:
    """Share a gate that nobody reloads."""
    until = _after(seconds)
    works = [work for work, _ in zip(shared.asking(until, "1"), range(THREADS), strict=False)]
    return Outcome("purposegate", together(works, seconds))


def by_reloads(shared: Shared, seconds: float) -> Outcome:
    """Share a gate that one more thread reloads all the time."""
    until = _after(seconds)
    works = [work for work, _ in zip(shared.asking(until), range(THREADS), strict=False)]
    counts = together([*works, shared.reloading(until, put=True)], seconds)
    return Outcome(f"purposegate, reloaded {counts[RELOADS]:,} times meanwhile", counts, (RIGHT, RELOADS))


def by_forks(shared: Shared, seconds: float) -> Outcome:
    """Fork, again and again, a process whose threads ask and reload; in each child, threads ask and reload too."""
    until = _after(seconds)
    works = [work for work, _ in zip(shared.asking(until), range(3), strict=False)]

    def forking(counts: Counts) -> None:
        while not until():
            for child in [_forked(shared) for _ in range(CHILDREN)]:
                counts[FORKS] += 1
                counts.update(child())

    counts = together([*works, shared.reloading(until, put=True), forking], seconds)
    what = f"purposegate, in {counts[FORKS]:,} processes forked meanwhile"
    return Outcome(what, counts, (RIGHT, RELOADS, FORKS))


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() >= end


def _forked(shared: Shared) -> Callable[[], Counts]:
    """Fork a child that asks by one thread and then by several; give a function that waits for what it counted."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.write(writer, json.dumps(_in_the_child(shared)).encode())
        except BaseException:  # noqa: BLE001 - nothing of a child may go on as if it were its parent
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(writer)

    def heard() -> Counts:
        with os.fdopen(reader) as pipe:
            if not select.select([pipe], [], [], PATIENCE / 2)[0]:
                os.kill(child, signal.SIGKILL)
            said = pipe.read()
        ended = os.waitpid(child, 0)[1]
        if said and not ended:
            return Counts(json.loads(said))
        return Counts({HUNG if os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL else RAISED: 1})

    return heard


def _in_the_child(shared: Shared) -> Counts:
    counts, in_force = Counts(), shared.gate.policy.revision
    for triple in shared.triples * 2:  # no thread is left that could reload: all are of the one revision
        shared.ask(counts, triple, in_force)
    until = Event()
    several = shared.asking(until.is_set)

    def reloading(mine: Counts) -> None:
        turns = iter((False, False, False, True))
        shared.reloading(lambda: next(turns), put=False)(mine)
        until.set()

    counts += together([next(several), next(several), reloading], 0.0)
    del counts[RELOADS]  # of the parent only
    return counts


if __name__ == "__main__":
    sys.exit(main())
