"""Kill processes that write into a ledger, and have many write at once, on SQLite and on PostgreSQL.

What a process was told to be kept is there exactly once, whatever became of the process; of what belongs together all is there or
nothing; no claim is spent more often than it was approved for; and what one process entered, the next decision of every other one
knows. Exits with 1 where any of it does not hold, and where nothing was killed, written or decided.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Lock, Thread
from typing import IO, Any, Final

sys.path.append(str(Path(__file__).parent.parent / "tests"))  # where the server and the small policies are

from builders import a_policy, a_use_clause
from postgres import MISSING, a_server
from processes import Outcome, forked, several

from purposegate import Claim, Consent, Gate, LedgerError, LodgedObjection, Release, Use, Withdrawal
from purposegate.ledger.sql import SqlLedger

BEGAN: Final = datetime(2026, 1, 15, 12, tzinfo=UTC)
ACME: Final = "carrier/acme"
SHARED: Final = "shared"
OWN_USES: Final = 3  # for which each killed process has a claim of its own
PARTS: Final = ("1", "2", "3")  # of what is recorded together
CONSENT: Final = {"consent": {"shown_by": "consent"}}
POLICY: Final = a_policy(conditions=CONSENT, uses=[a_use_clause(conditions=["consent"])])


def main() -> int:
    """Prove both on both databases, and print what was counted."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=200, help="how many processes are killed, on each database")
    options.add_argument("--seconds", type=float, default=10.0, help="how long all write at once")
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--threads", type=int, default=8, help="in each process")
    options.add_argument("--withdrawals", type=int, default=100, help="each to be seen by every other process")
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    failed = proven = 0
    for name, url in databases(asked.only):
        proven += 1
        for outcome in (
            killed(f"{name}, killed", url(), asked.kills),
            at_once(f"{name}, {asked.processes} processes of {asked.threads} threads", url(), asked),
            seen(f"{name}, seen by {asked.processes} processes", url(), asked),
        ):
            print(outcome, flush=True)
            failed += len(outcome.wrong)
    return 1 if failed or (asked.only == "postgresql" and not proven) else 0


def databases(only: str | None) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield what makes new SQLite files and PostgreSQL databases."""
    if only != "postgresql":
        with tempfile.TemporaryDirectory() as folder:
            yield "SQLite", lambda: f"sqlite:///{folder}/{time.monotonic_ns()}.db"
    if only != "sqlite":
        with a_server(fsync=True) as server:
            if server is None:
                print(MISSING)
            else:
                yield "PostgreSQL", server.make


# Killed.


def killed(what: str, url: str, kills: int) -> Outcome:
    """Kill one process after the other at a random moment of its writing, and look for what each was told to be kept."""
    chance = random.Random(9)
    outcome = Outcome(what)
    with a_ledger(url) as ledger:
        ledger.enter(a_claim(SHARED, uses=2 * kills))
    shared = 0
    for number in range(kills):
        acknowledged = kill(number, url, chance.uniform(0.0, 0.08))
        outcome.counts["kills"] += 1
        outcome.counts["records acknowledged"] += len(acknowledged)
        with a_ledger(url) as ledger:
            shared += look_for(acknowledged, number, ledger, outcome)
    with a_ledger(url) as ledger:
        spent = ledger.consult(Use("email_address", "shipping", ACME, "nobody", claim=SHARED)).spent
        ids = Counter(each.id for each in ledger.releases())
        outcome.counts["releases kept"] = len(ids)
        outcome.expect(max(ids.values()) == 1, "a release is there twice")
        outcome.expect(spent == shared <= 2 * kills, f"the shared claim was spent {spent} times, by {shared} releases")
    outcome.expect(outcome.counts["records acknowledged"] > kills, "nearly nothing was written")
    return outcome


def kill(number: int, url: str, after: float) -> set[str]:
    """Have a process write until it is killed; give what it said was kept."""
    with forked(lambda _, told: write_for_ever(number, url, told)) as (pid, heard, _):
        first = heard.readline()
        time.sleep(after)
        os.kill(pid, signal.SIGKILL)
        lines = [first, *heard]
    return {line.strip() for line in lines if line.endswith("\n")}


def write_for_ever(number: int, url: str, told: IO[str]) -> None:
    """Record and enter at full speed, by three threads, and say what is kept as soon as it is."""
    ledger = SqlLedger(url, deadline=60, create=True)
    ledger.enter(a_claim(f"c-{number}", uses=OWN_USES))
    lock = Lock()

    def say(line: str) -> None:
        with lock:
            told.write(f"{line}\n")
            told.flush()

    def write(thread: int) -> None:
        subject, turn = f"s-{number}", 0
        while True:
            turn += 1
            name = f"{number}-{thread}-{turn}"
            ledger.record([a_release(f"{name}/{part}", subject) for part in PARTS])
            say(f"batch {name}")
            scope = (("email_address",), ("shipping",), ("carrier",))
            ledger.enter(Consent(subject, name, *scope, BEGAN), LodgedObjection(subject, name, BEGAN))
            say(f"pair {name}")
            for claim in (f"c-{number}", SHARED):
                try:
                    ledger.record([a_release(f"{name}/{claim}", subject, claim)])
                except LedgerError:
                    continue
                say(f"spent {name}/{claim}")

    threads = [Thread(target=write, args=(each,), daemon=True) for each in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def look_for(acknowledged: set[str], number: int, ledger: SqlLedger, outcome: Outcome) -> int:
    """Look whether what one process was told is there, once and whole; give how often it spent the claim that all share."""
    subject = f"s-{number}"
    releases = list(ledger.releases(subject=subject))
    ids = Counter(each.id for each in releases)
    batches: Counter[str] = Counter()
    for each in releases:
        name, _, part = each.id.partition("/")
        batches[name] += part in PARTS
    entries = [kept.entry for kept in ledger.entries(subject=subject)]
    consents = Counter(each.condition for each in entries if isinstance(each, Consent))
    objections = Counter(each.objection for each in entries if isinstance(each, LodgedObjection))
    outcome.expect(all(count == 1 for count in [*ids.values(), *consents.values()]), f"something of {subject} is there twice")
    outcome.expect(set(batches.values()) <= {0, len(PARTS)}, f"half a batch of {subject} is there")
    outcome.expect(consents == objections, f"half of what {subject} entered together is there")
    for line in acknowledged:
        kind, _, name = line.partition(" ")
        there = {"batch": batches[name] == len(PARTS), "pair": consents[name] == 1, "spent": ids[name] == 1}[kind]
        outcome.expect(there, f"`{line}` was acknowledged, and is not there")
    own = sum(each.claim == f"c-{number}" for each in releases)
    outcome.expect(own <= OWN_USES, f"the claim of {subject} was spent {own} times")
    return sum(each.claim == SHARED for each in releases)


# At once.


def at_once(what: str, url: str, asked: argparse.Namespace) -> Outcome:
    """Have several processes of several threads write and decide at once; look whether all that they were told is there."""
    outcome = Outcome(what)
    uses = 20 * asked.processes * asked.threads
    with a_ledger(url) as ledger:
        ledger.enter(a_claim(SHARED, uses=uses))
    with several(asked.processes, lambda number: lambda _, told: write_for_a_while(number, url, asked, told)) as children:
        answers = [json.loads(heard.readline() or "{}") for _, heard, _ in children]
    recorded = [each for answer in answers for each in answer.get("recorded", ())]
    spent = [each for answer in answers for each in answer.get("spent", ())]
    wrong = [each for answer in answers for each in answer.get("wrong", ("a process said nothing",))]
    outcome.wrong += sorted(set(wrong))[:5]
    outcome.counts.update({"releases": len(recorded), "spends": len(spent)})
    outcome.counts["decisions"] = sum(answer.get("decisions", 0) for answer in answers)
    with a_ledger(url) as ledger:
        kept = [each.id for each in ledger.releases()]
        places = [each.position for each in ledger.entries()]
        use = Use("email_address", "shipping", ACME, "nobody", claim=SHARED)
        outcome.expect(sorted(kept) == sorted(recorded + spent), "what is kept is not what was acknowledged")
        outcome.expect(
            len(spent) == ledger.consult(use).spent == uses, f"a claim good for {uses} uses was spent {len(spent)} times"
        )
        outcome.expect(places == sorted(set(places)), "two entries have one place")
        outcome.expect(ledger.consult(use).position == len(kept) + len(places), "a place in the order is missing")
    outcome.expect(bool(recorded) and outcome.counts["decisions"] > 0, "nothing was written or decided")
    return outcome


def write_for_a_while(number: int, url: str, asked: argparse.Namespace, told: IO[str]) -> None:  # noqa: C901 - a story of one thread
    """Record, enter, decide and spend by several threads, and say at the end what was kept."""
    ledger = SqlLedger(url, deadline=60, create=True)
    gate = Gate(POLICY, ledger=ledger)
    until = time.monotonic() + asked.seconds
    recorded: list[str] = []
    spent: list[str] = []
    wrong: list[str] = []
    decisions: list[int] = []

    def work(thread: int) -> None:
        turn, left = 0, True
        subject = f"s-{number}-{thread}"
        while time.monotonic() < until or left:
            turn += 1
            name = f"{number}-{thread}-{turn}"
            if left:
                try:
                    ledger.record([a_release(f"{name}/c", subject, SHARED)])
                    spent.append(f"{name}/c")
                except LedgerError as refused:
                    left = False
                    if "fewer uses left" not in str(refused):
                        wrong.append(str(refused))
            ledger.record([a_release(f"{name}/1", subject), a_release(f"{name}/2", subject)])
            recorded.extend([f"{name}/1", f"{name}/2"])
            consents = turn % 2 == 1
            ledger.enter(a_consent(subject) if consents else Withdrawal(subject, "consent", BEGAN))
            if gate.decide("email_address", "shipping", subject=subject).permitted is not consents:
                wrong.append("a decision did not know what its own thread had entered")
            decisions.append(1)

    def guarded(thread: int) -> None:
        try:
            work(thread)
        except Exception as error:  # noqa: BLE001 - whatever ends a thread, it is not to be overlooked
            wrong.append(f"a thread ended: {type(error).__name__}: {error}")

    threads = [Thread(target=guarded, args=(each,)) for each in range(asked.threads)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    told.write(json.dumps({"recorded": recorded, "spent": spent, "wrong": wrong, "decisions": len(decisions)}) + "\n")


# Seen.


def seen(what: str, url: str, asked: argparse.Namespace) -> Outcome:
    """Have one process after the other enter a consent and withdraw it, while all write; ask every other one at once."""
    outcome = Outcome(what)
    with a_ledger(url):
        pass  # the tables are there
    with several(asked.processes, lambda number: lambda orders, told: obey(number, url, orders, told)) as children:

        def ask(number: int, order: str) -> str:
            _, heard, orders = children[number]
            orders.write(f"{order}\n")
            orders.flush()
            return heard.readline().strip()

        for turn in range(asked.withdrawals):
            who = turn % len(children)
            for order, expected in (("consent", "permitted"), ("withdraw", "unmet-condition")):
                outcome.expect(ask(who, f"{order} {turn}") == "done", f"process {who} could not enter")
                answers = {ask(number, f"decide {turn}") for number in range(len(children)) if number != who}
                outcome.expect(answers == {expected}, f"after `{order}` other processes decided {sorted(answers)}")
                outcome.counts["decisions of others"] += len(children) - 1
            outcome.counts["withdrawals"] += 1
        outcome.counts["releases meanwhile"] = sum(int(ask(number, "end") or 0) for number in range(len(children)))
    outcome.expect(outcome.counts["releases meanwhile"] > 0, "nothing was written meanwhile")
    return outcome


def obey(number: int, url: str, orders: IO[str], told: IO[str]) -> None:
    """Enter and decide as ordered, while a thread records."""
    ledger = SqlLedger(url, deadline=60, create=True)
    gate = Gate(POLICY, ledger=ledger)
    over, written = Event(), 0

    def write() -> None:
        nonlocal written
        while not over.is_set():
            written += 1
            ledger.record([a_release(f"{number}-{written}", f"s-{number}")])

    writer = Thread(target=write)
    writer.start()
    for order in orders:
        what, _, subject = order.strip().partition(" ")
        answer = "done"
        if what == "end":
            over.set()
            writer.join()
            answer = str(written)
        elif what == "decide":
            answer = str(gate.decide("email_address", "shipping", subject=subject).reason)
        else:
            ledger.enter(a_consent(subject) if what == "consent" else Withdrawal(subject, "consent", BEGAN))
        told.write(f"{answer}\n")
        told.flush()
        if over.is_set():
            return


@contextmanager
def a_ledger(url: str) -> Iterator[SqlLedger]:
    """Open a ledger for a while."""
    ledger = SqlLedger(url, deadline=60, create=True)
    try:
        yield ledger
    finally:
        ledger.close()


def a_claim(id_: str, *, uses: int) -> Claim:
    """Make a claim."""
    told: dict[str, Any] = {"requested_by": "cora", "approved_by": "dora", "reference": "file", "authority": "an order"}
    scope = (frozenset({"by_law"}), frozenset({"s"}), ("email_address",), ACME)
    return Claim(id_, *scope, approved=BEGAN, expires=BEGAN + timedelta(days=9), uses=uses, **told)


def a_consent(subject: str) -> Consent:
    """Make a consent."""
    return Consent(subject, "consent", "any", "any", "any", BEGAN)


def a_release(id_: str, subject: str, claim: str | None = None) -> Release:
    """Make a release."""
    return Release(id_, BEGAN, "email_address", "shipping", ACME, subject, "post", ("1",), claim)


if __name__ == "__main__":
    sys.exit(main())
