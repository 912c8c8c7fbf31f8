"""What a ledger costs: decisions by what it holds, and records of provisions."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from uuid import uuid4

from rows import Row, interleaved
from sqlalchemy import insert, update

from purposegate import Consent, Gate, RegisteredRecipient, Release, Use
from purposegate.ledger.encoding import utc_text, written
from purposegate.ledger.journal import subject_topic, topics_of
from purposegate.ledger.pseudonyms import Pseudonyms
from purposegate.ledger.sql import SqlLedger
from purposegate.ledger.sql.schema import ENTRIES, STATE
from purposegate.ledger.sql.statements import READING

ROOT = Path(__file__).parent.parent
POLICY = ROOT / "policies" / "en-japan-video-interview.yaml"
ACME = "employer_company/acme"
USE = Use("name", "view_video_interview", ACME, subject="s-7", channel="email")
RECORDS_A_SECOND = 5_000
FEW, MANY = 1_000, 1_000_000
THREADS = 32


def rows(rounds: int) -> list[Row]:
    """Measure a warm decision, a fresh one, one among many people, and records of provisions."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:  # on a disk, and not in memory, where syncing costs nothing
        return [*_decisions(Path(folder), rounds), *_records(Path(folder), rounds)]


def _decisions(folder: Path, rounds: int) -> Iterator[Row]:
    with _ledger(folder / "few.db", FEW) as few, _ledger(folder / "many.db", MANY) as many:
        fresh, among_many = Gate.load(POLICY, ledger=few), Gate.load(POLICY, ledger=many)
        warm = Gate.load(POLICY, ledger=few, facts_ttl=3600)
        statement = READING[False, type(None)]
        parameters = {"topics": topics_of(USE, Pseudonyms())}
        table = {(USE.data_category, USE.purpose, USE.recipient): object()}

        def selecting() -> None:
            with few.engine.connect() as connection:
                connection.execute(statement, parameters).all()

        def looking_up() -> float:
            category, purpose, recipient = USE.data_category, USE.purpose, USE.recipient
            start = time.perf_counter()
            for _ in range(20_000):
                table.get((category, purpose, recipient))
            return (time.perf_counter() - start) / 20_000

        def warmly() -> float:
            category, purpose, subject = USE.data_category, USE.purpose, USE.subject
            start = time.perf_counter()
            for _ in range(20_000):
                warm.check(category, purpose, subject=subject)
            return (time.perf_counter() - start) / 20_000

        subjects = {
            "bare": looking_up,
            "warm": warmly,
            "select": _timed(selecting),
            "fresh": _timed(lambda: _ask(fresh)),
            "many": _timed(lambda: _ask(among_many)),
        }
        taken = interleaved(list(subjects.values()), rounds)
        seconds = {name: taken[subject] for name, subject in subjects.items()}
    yield Row(
        "a controller's use by a ledger, kept for some seconds",
        f"a bare `dict.get((c, p, r))`, {seconds['bare'] * 1e9:.0f} ns",
        f"{seconds['warm'] * 1e9:.0f} ns",
        seconds["warm"] / seconds["bare"],
        10,
    )
    yield Row(
        "a decision read fresh from SQLite",
        f"its one SELECT through SQLAlchemy, {seconds['select'] * 1e6:.0f} µs",
        f"{seconds['fresh'] * 1e6:.0f} µs",
        seconds["fresh"] / seconds["select"],
        1.5,
    )
    yield Row(
        f"a decision read fresh among {MANY:,} people",
        f"among {FEW:,} people, {seconds['fresh'] * 1e6:.0f} µs",
        f"{seconds['many'] * 1e6:.0f} µs",
        seconds["many"] / seconds["fresh"],
        1.25,
    )


def _records(folder: Path, rounds: int) -> Iterator[Row]:
    with _ledger(folder / "records.db", 0) as ledger:

        def together() -> float:
            """Have several threads record one provision after the other."""
            began = Barrier(THREADS + 1)

            def work() -> None:
                began.wait()
                for _ in range(250):
                    ledger.record([_release()])

            threads = [Thread(target=work) for _ in range(THREADS)]
            for each in threads:
                each.start()
            began.wait()
            start = time.perf_counter()
            for each in threads:
                each.join()
            return (time.perf_counter() - start) / (THREADS * 250)

        def at_once() -> float:
            """Record the provisions of a disclosure of a hundred people."""
            releases = [[_release() for _ in range(100)] for _ in range(10)]
            start = time.perf_counter()
            for each in releases:
                ledger.record(each)
            return (time.perf_counter() - start) / 1_000

        seconds = interleaved([together, at_once], max(3, rounds // 4))
    for subject, what in (
        (together, f"provision records of {THREADS} threads, committed in groups"),
        (at_once, "provision records, a hundred at once"),
    ):
        each = seconds[subject]
        bar = f"{RECORDS_A_SECOND:,} a second, synced to the disk"
        yield Row(what, bar, f"{1 / each:,.0f} a second", RECORDS_A_SECOND * each, 1)


@contextmanager
def _ledger(path: Path, people: int) -> Iterator[SqlLedger]:
    """Make a ledger that holds a consent of each person, put there as they would have been one by one."""
    with closing(SqlLedger(path, create=True)) as ledger:
        now = datetime.now(UTC) - timedelta(days=1)
        ledger.enter(RegisteredRecipient(ACME, "Acme", "JP", now))
        stamp = utc_text(now)
        with ledger.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            for start in range(0, people, 50_000):
                batch = []
                for number in range(start, min(people, start + 50_000)):
                    kind, body = written(Consent(f"s-{number}", "consent", "any", "any", "any", now))
                    topic = subject_topic(f"s-{number}")
                    batch.append({"position": number + 2, "recorded": stamp, "topic": topic, "kind": kind, "body": body})
                connection.execute(insert(ENTRIES), batch)
            connection.execute(update(STATE).values(position=people + 1, recorded=stamp))
            connection.exec_driver_sql("COMMIT")
        yield ledger


def _ask(gate: Gate) -> None:
    gate.decide(USE.data_category, USE.purpose, USE.recipient, subject=USE.subject, channel=USE.channel)


def _timed(call: Callable[[], None], count: int = 400) -> Callable[[], float]:
    def timed() -> float:
        start = time.perf_counter()
        for _ in range(count):
            call()
        return (time.perf_counter() - start) / count

    return timed


def _release() -> Release:
    clauses = ("3(1)", "4(1)")
    return Release(str(uuid4()), datetime.now(UTC), "name", "view_video_interview", ACME, "s-7", "email", clauses)
