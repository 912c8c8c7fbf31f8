"""What a trail costs: a decision that is recorded, provisions that are synced to the disk, reading it back."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

from rows import Row, interleaved

from purposegate import Engine, FileSink, Gate, PurposeViolation
from purposegate.policy.loader import load
from purposegate.tools.replaying import replay
from purposegate.trail.reading import Reading
from purposegate.trail.report import State
from purposegate.trail.verifying import verify

ROOT = Path(__file__).parent.parent
POLICY = ROOT / "policies" / "en-japan-video-interview.yaml"
USE = ("email_address", "send_service_email")
PROVISION = ("name", "view_video_interview", "employer_company/acme")
PROVISIONS_A_SECOND = 5_000
THREADS = 8


KEPT = 200_000
VERIFIED_A_SECOND = 200_000
REPLAYED_A_SECOND = 50_000


def rows(rounds: int) -> list[Row]:
    """Measure what a record costs beyond its write, records that are on the disk, and reading them again."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:  # on a disk, and not in memory, where syncing costs nothing
        return [
            *_beyond_the_write(Path(folder), rounds),
            *_on_the_disk(Path(folder), rounds),
            *_afterwards(Path(folder), max(3, rounds // 4)),
        ]


def _beyond_the_write(folder: Path, rounds: int) -> Iterator[Row]:
    count = 20_000
    with closing(FileSink(folder / "trail")) as trail, (folder / "written").open("ab", buffering=0) as beside:
        gate = Gate.load(POLICY, trail=trail)
        for _ in range(2):
            gate.check(*USE)
        [path] = (folder / "trail").iterdir()
        line = next(line for line in reversed(path.read_bytes().splitlines(keepends=True)) if line.startswith(b'{"id"'))
        table = {
            (category, purpose, recipient): object()
            for category in gate.policy.categories
            for purpose in gate.policy.purposes
            for recipient in (None, *gate.policy.recipients)
        }

        def empty() -> float:
            start = time.perf_counter()
            for _ in range(count):
                pass
            return time.perf_counter() - start

        def looking_up() -> float:
            (category, purpose), recipient = USE, None
            start = time.perf_counter()
            for _ in range(count):
                table.get((category, purpose, recipient))
            return time.perf_counter() - start

        def writing() -> float:
            write, number = os.write, beside.fileno()
            start = time.perf_counter()
            for _ in range(count):
                write(number, line)
            return time.perf_counter() - start

        def checking() -> float:
            category, purpose = USE
            start = time.perf_counter()
            for _ in range(count):
                gate.check(category, purpose)
            return time.perf_counter() - start

        taken = interleaved([empty, looking_up, writing, checking], rounds)
    each = {subject: seconds / count for subject, seconds in taken.items()}
    base, beyond = each[looking_up] - each[empty], each[checking] - each[writing]
    yield Row(
        "a permitted `check` that is recorded in a file, beyond its one `os.write`",
        f"a bare `dict.get((c, p, r))`, {base * 1e9:.0f} ns",
        f"{beyond * 1e9:.0f} ns and the write of {each[writing] * 1e9:.0f} ns",
        beyond / base,
        12,
    )


def _on_the_disk(folder: Path, rounds: int) -> Iterator[Row]:
    with closing(FileSink(folder / "provisions")) as trail:
        gate = Gate.load(POLICY, trail=trail)

        def together() -> float:
            """Have several threads provide one thing after the other."""
            began = Barrier(THREADS + 1)

            def work() -> None:
                began.wait()
                for _ in range(500):
                    gate.check(*PROVISION)

            threads = [Thread(target=work) for _ in range(THREADS)]
            for each in threads:
                each.start()
            began.wait()
            start = time.perf_counter()
            for each in threads:
                each.join()
            return (time.perf_counter() - start) / (THREADS * 500)

        each = interleaved([together], max(3, rounds // 4))[together]
    bar = f"{PROVISIONS_A_SECOND:,} a second"
    what = f"provisions decided and recorded on the disk, by {THREADS} threads"
    yield Row(what, bar, f"{1 / each:,.0f} a second", PROVISIONS_A_SECOND * each, 1)


def _afterwards(folder: Path, rounds: int) -> Iterator[Row]:
    """Verify a trail of many people and uses, and decide it again by another policy."""
    with closing(FileSink(folder / "kept")) as trail:
        gate = Gate.load(POLICY, trail=trail)
        uses = [(category, purpose) for category in gate.policy.categories for purpose in gate.policy.purposes]
        for number in range(KEPT):
            category, purpose = uses[number % len(uses)]
            try:
                gate.check(category, purpose, subject=f"s-{number}")
            except PurposeViolation:
                pass
    engine, now = Engine(load(POLICY)), datetime.now(UTC)

    def verifying() -> float:
        start = time.perf_counter()
        reports = list(verify(folder / "kept"))
        spent = time.perf_counter() - start
        if sum(report.records for report in reports) != KEPT or {report.state for report in reports} != {State.WHOLE}:
            raise RuntimeError("the trail was not verified")
        return spent / KEPT

    def replaying() -> float:
        start = time.perf_counter()
        done = replay(Reading(folder / "kept"), engine, now)
        spent = time.perf_counter() - start
        if done.decisions != KEPT or done.unreadable:
            raise RuntimeError("the trail was not replayed")
        return spent / KEPT

    each = interleaved([verifying, replaying], rounds)
    for subject, what, bar in (
        (verifying, "records of a trail, verified", VERIFIED_A_SECOND),
        (replaying, "decisions of a trail, decided again by another policy", REPLAYED_A_SECOND),
    ):
        yield Row(what, f"{bar:,} a second", f"{1 / each[subject]:,.0f} a second", bar * each[subject], 1)
