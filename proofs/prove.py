"""Prove the judge against two others: the naive reading in `tests/spec.py`, and Cedar.

Generated policies are judged on drawn uses, the shipped policy on every use of it; then every engine that is broken on purpose
must be caught. Exits with 1 where anything disagrees, where a broken engine passes, or where some reason never occurred. `--seed`
repeats a run; `--quick` takes a twentieth of the uses.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import islice

from broken import BROKEN, Broken
from cases import (
    INSTANCES,
    Case,
    Data,
    Judge,
    a_judge,
    decided,
    drawn,
    shipped_cases,
    shipped_document,
    shipped_policy,
    shipped_recipients,
)
from cedar import Cedar, difference
from hints import trials
from spec import verdict

from purposegate import Decision, Engine, Reason

USES, A_POLICY, A_TASK = 1_000_000, 160, 16_000  # uses to draw in all, of one policy, and in one task of a worker
QUICKER = 20
TOLD = 100  # disagreements that are printed in full
A_BATCH = 2_000  # cases that are put to Cedar at once
GENERATED, SHIPPED = "generated", "shipped"
NAIVE, CEDAR, HINTS = COMPARISONS = "naive reading", "Cedar", "hints, by Cedar"
TRYING = 8  # of so many decisions, the hints of one are tried out
SAME_RULES, SAME_STOP, DENIED = "permitted by the same rules", "stopped for the same reason", "denied by the rules"
UNSAYABLE = "left out: Cedar cannot tell how an id is spelt"


@dataclass
class Tally:
    """What was judged, how it agreed, and in which ways it did not."""

    policies: set[str] = field(default_factory=set)
    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (source, judge, reason)
    compared: Counter[tuple[str, str]] = field(default_factory=Counter)  # (source, what was compared with Cedar)
    disagreements: list[tuple[str, str]] = field(default_factory=list)  # (comparison, all that is needed to see who is wrong)

    def add(self, other: Tally) -> None:
        """Take in what another worker counted."""
        self.policies |= other.policies
        self.verdicts += other.verdicts
        self.compared += other.compared
        self.disagreements += other.disagreements

    def disagree(self, comparison: str, document: Data, case: Case, decision: Decision, unlike: str) -> None:
        """Keep a disagreement in full."""
        use, known = case
        text = f"{unlike}\nuse: {use}\nknown: {known}\ndecision: {decision}\npolicy: {document}"
        self.disagreements.append((comparison, text))


def main() -> int:
    """Run every part, say how it goes, and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--uses", type=int, default=USES, help=f"how many uses of generated policies to judge, {A_POLICY} of each")
    options.add_argument("--seed", type=int, default=1, help="repeats a run")
    options.add_argument("--workers", type=int, default=2, help="how many processes judge at once")
    options.add_argument("--quick", action="store_true", help=f"one use in {QUICKER}, and the shipped policy in part")
    asked = options.parse_args()
    uses = asked.uses // QUICKER if asked.quick else asked.uses
    print(f"seed {asked.seed}: {uses:,} uses of generated policies, and the shipped policy", flush=True)

    begun = time.monotonic()
    proof = Tally()
    for what, part in _judged_by_workers(asked.seed, uses, quick=asked.quick, workers=asked.workers):
        proof.add(part)
        total = sum(count for (_, judge, _), count in proof.verdicts.items() if judge == NAIVE)
        disagreements = f"{len(proof.disagreements)} disagreements"
        print(f"{time.monotonic() - begun:5.0f} s  {total:>11,} uses judged, {disagreements}; done: {what}", flush=True)
    for comparison, disagreement in proof.disagreements[:TOLD]:
        print(f"\nDISAGREEMENT with {comparison}: {disagreement}")
    uncaught = _report_broken_engines(asked.seed)
    unreached = [reason.value for reason in Reason if not proof.verdicts[GENERATED, CEDAR, reason.value]]
    _print_table(proof)
    for name in uncaught:
        print(f"`{name}` was not caught: whatever it breaks is not proved")
    for missing in unreached:
        print(f"`{missing}` never occurred: nothing is proved of it")
    print(f"{len(proof.disagreements)} disagreements, {len(uncaught)} broken engines not caught, {time.monotonic() - begun:.0f} s")
    return 1 if proof.disagreements or uncaught or unreached else 0


def _judged_by_workers(by: int, uses: int, *, quick: bool, workers: int) -> Iterator[tuple[str, Tally]]:
    """Give each worker's counts as they come; raise where a worker fails or dies."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        running: dict[Future[Tally], str] = {}
        for recipient in shipped_recipients(shipped_document()):
            running[pool.submit(_judge_shipped, recipient, 11 if quick else 1)] = f"shipped policy, {recipient}"
        for task, first in enumerate(range(0, uses, A_TASK)):
            number = min(A_TASK, uses - first)
            running[pool.submit(_judge_generated, by * 1_000_003 + task, number)] = f"generated policies, part {task + 1}"
        try:
            for future in as_completed(running):
                yield running[future], future.result()
        finally:  # one failure ends the proof: what has not begun yet is not waited for
            pool.shutdown(cancel_futures=True)


def _judge_generated(by: int, uses: int) -> Tally:
    tally = Tally()
    for document, cases in drawn(-(-uses // A_POLICY), A_POLICY, by):
        tally.policies.add(json.dumps(document, sort_keys=True))
        _compare(tally, GENERATED, Cedar(document, INSTANCES), a_judge(document), cases)
    return tally


def _judge_shipped(recipient: str, every: int) -> Tally:
    tally, document = Tally(), shipped_document()
    cases = islice(shipped_cases(document, recipient), None, None, every)
    _compare(tally, SHIPPED, Cedar(document, INSTANCES), Engine(shipped_policy()).decide, cases)
    return tally


def _compare(tally: Tally, source: str, cedar: Cedar, judge: Judge, cases: Iterable[Case]) -> None:
    """Put cases to the judge and to both others, and count."""
    left = iter(cases)
    while batch := [(case, decided(judge, case)) for case in islice(left, A_BATCH)]:
        for case, decision in batch:
            expected = verdict(cedar.document, *case)
            tally.verdicts[source, NAIVE, expected] += 1
            if decision.reason != expected or bool(decision) != (expected == "permitted"):
                tally.disagree(NAIVE, cedar.document, case, decision, f"the naive reading says {expected}")
        sayable = [(case, decision) for case, decision in batch if cedar.knows(case[0]["recipient"])]
        tally.compared[source, UNSAYABLE] += len(batch) - len(sayable)
        _compare_with_cedar(tally, source, cedar, sayable)
        _try_hints(tally, source, cedar, sayable[::TRYING])


def _compare_with_cedar(tally: Tally, source: str, cedar: Cedar, asked: list[tuple[Case, Decision]]) -> None:
    for (case, decision), judgment in zip(asked, cedar.judge(case for case, _ in asked), strict=True):
        tally.verdicts[source, CEDAR, decision.reason.value] += 1
        tally.compared[source, SAME_RULES if judgment.permitted else SAME_STOP if judgment.stopped else DENIED] += 1
        unlike = difference(cedar.document, judgment, decision)
        if unlike is not None:
            tally.disagree(CEDAR, cedar.document, case, decision, unlike)


def _try_hints(tally: Tally, source: str, cedar: Cedar, asked: list[tuple[Case, Decision]]) -> None:
    tried = [(*each, trial) for each in asked for trial in trials(cedar.document, *each)]
    tally.compared[source, HINTS] += len(tried)
    for (case, decision, trial), judgment in zip(tried, cedar.judge(trial.case for _, _, trial in tried), strict=True):
        if not trial.works(judgment):
            unlike = f"{trial.hint}: Cedar says {judgment} of {trial.case}"
            tally.disagree(HINTS, cedar.document, case, decision, unlike)


def _report_broken_engines(by: int) -> list[str]:
    """Say after how many uses each broken engine is caught by which comparison; give those that none catches."""
    asked = [(Cedar(document, INSTANCES), cases) for document, cases in drawn(150, 50, by)]
    print(f"\n{'an engine that, and after how many uses it is caught':<56}" + "".join(f"{judge:>16}" for judge in COMPARISONS))
    uncaught = []
    for broken in BROKEN:
        caught = _caught(broken, asked)
        print(f"{broken.__name__.replace('_', ' '):<56}" + "".join(f"{caught.get(judge, '-'):>16}" for judge in COMPARISONS))
        uncaught += [] if caught else [broken.__name__]
    return uncaught


def _caught(broken: Broken, asked: list[tuple[Cedar, list[Case]]]) -> dict[str, int]:
    caught: dict[str, int] = {}
    uses = 0
    for cedar, cases in asked:
        tally = Tally()
        _compare(tally, GENERATED, cedar, broken(cedar.document), cases)
        uses += len(cases)
        for judge, _ in tally.disagreements:
            caught.setdefault(judge, uses)
    return caught


def _print_table(proof: Tally) -> None:
    columns = [(source, judge) for source in (GENERATED, SHIPPED) for judge in (NAIVE, CEDAR)]
    print(f"\n{'verdict':<42}" + "".join(f"{source:>16}" for source, _ in columns))
    print(f"{'compared with':<42}" + "".join(f"{judge:>16}" for _, judge in columns))
    for reason in Reason:
        print(f"{reason.value:<42}" + "".join(f"{proof.verdicts[*column, reason.value]:>16,}" for column in columns))
    totals = [sum(count for key, count in proof.verdicts.items() if key[:2] == column) for column in columns]
    print(f"{'uses in all':<42}" + "".join(f"{total:>16,}" for total in totals))
    print("\nof these, by Cedar:")
    for what in (SAME_RULES, SAME_STOP, DENIED, UNSAYABLE, HINTS):
        print(f"{what:<42}" + "".join(f"{proof.compared[source, what]:>32,}" for source in (GENERATED, SHIPPED)))
    print(f"\n{len(proof.policies):,} different policies were generated")


if __name__ == "__main__":
    sys.exit(main())
