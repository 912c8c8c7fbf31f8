"""What the gate costs on policies of any size: growth of a `check`, memory of the tables, time to load.

Growth is told against the growth of a bare dictionary of the same triples asked with the same stream: what the machine's caches do
to every table is nobody's doing.
"""

from __future__ import annotations

import gc
import random
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from sizes import PROSE, a_policy_of, as_block_yaml, permitted_triples

from purposegate import Engine, Gate, Policy
from purposegate.policy.compiled import compiled
from purposegate.policy.document import Document
from purposegate.policy.loader import load
from purposegate.policy.resolver import resolve

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "policies" / "en-japan-video-interview.yaml"
LARGE = 100_000
LOADED = 10_000
_CALLS = 100_000

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Figure:
    """A measured figure, what it is held against, and their ratio."""

    figure: str
    against: str
    ratio: float


def in_memory(document: dict[str, Any]) -> Policy:
    """Resolve a document that was never a file; a hundred thousand provisions would be a larger one than the reader takes."""
    return resolve(Document.model_validate(document | {"purposegate": "1"}), digest="0" * 64, path="memory", places={})


def shipped_triples(gate: Gate) -> list[Triple]:
    """Give every declared triple that the shipped policy permits without anything shown."""
    policy = gate.policy
    return [
        (category, purpose, recipient)
        for category in policy.categories
        for purpose in policy.purposes
        for recipient in policy.recipients
        if gate.decide(category, purpose, recipient)
    ]


def skewed(triples: list[Triple], chance: random.Random) -> list[Triple]:
    """Give a stream in which a few triples are most of what is asked (Zipf's law, exponent 1)."""
    order = chance.sample(triples, len(triples))
    return chance.choices(order, cum_weights=list(accumulate(1 / rank for rank in range(1, len(order) + 1))), k=_CALLS)


def distinct(triples: list[Triple], chance: random.Random) -> list[Triple]:
    """Give a stream that comes back to a triple only after all the others."""
    order = chance.sample(triples, len(triples))
    return [order[at % len(order)] for at in range(_CALLS)]


def growth(rounds: int) -> dict[str, Figure]:
    """Tell by how much more than a bare dictionary a permitted `check` grows from the shipped policy to 100,000 provisions."""
    chance = random.Random(7)  # noqa: S311 - the same stream for everybody, and no secret
    small = Gate.load(SHIPPED)
    document = a_policy_of(LARGE)
    large = Gate(in_memory(document))
    triples = {small: shipped_triples(small), large: permitted_triples(document, LARGE)}
    del document
    figures = {}
    for name, stream in (("skewed", skewed), ("distinct", distinct)):
        cost: dict[Gate, tuple[float, float]] = {}
        timers: list[tuple[Gate, Callable[[], float], Callable[[], float]]] = []
        for gate, permitted in triples.items():
            asked = stream(permitted, chance)
            table = {triple: object() for triple in permitted}
            for triple in asked:
                gate.check(*triple)
            timers.append((gate, _timer_of_check(gate, asked), _timer_of_get(table, asked)))
        for gate, check, bare in timers:
            checks, bares = [], []
            for _ in range(rounds):
                bares.append(bare())
                checks.append(check())
            cost[gate] = statistics.median(checks), statistics.median(bares)
        by_check = cost[large][0] / cost[small][0]
        by_dict = cost[large][1] / cost[small][1]
        nanoseconds = [seconds / _CALLS * 1e9 for seconds in (cost[small][0], cost[large][0], cost[small][1], cost[large][1])]
        figures[name] = Figure(
            "{:.0f} → {:.0f} ns, × {:.2f}".format(*nanoseconds[:2], by_check),
            "the bare dictionary, {:.0f} → {:.0f} ns, × {:.2f}".format(*nanoseconds[2:], by_dict),
            by_check / by_dict,
        )
    return figures


def _timer_of_check(gate: Gate, asked: list[Triple]) -> Callable[[], float]:
    def run() -> float:
        check = gate.check
        start = time.perf_counter()
        for category, purpose, recipient in asked:
            check(category, purpose, recipient)
        return time.perf_counter() - start

    return run


def _timer_of_get(table: dict[Triple, object], asked: list[Triple]) -> Callable[[], float]:
    def run() -> float:
        start = time.perf_counter()
        for category, purpose, recipient in asked:
            table.get((category, purpose, recipient))
        return time.perf_counter() - start

    return run


# In a process of its own, so that nothing else is in the way of the figure.
_MEMORY = "from scale import tables; print(tables())"


def memory() -> Figure:
    """Tell how much memory the engine's tables for 100,000 provisions take, the document and all that built them released."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _MEMORY], cwd=Path(__file__).parent, capture_output=True, check=True, text=True
    )
    mebibytes = float(done.stdout)
    return Figure(f"{mebibytes:.1f} MiB", "40 MiB", mebibytes / 40)


def tables() -> float:
    """Build an engine and give the MiB that remain allocated for it."""
    document = a_policy_of(10)
    Engine(in_memory(document))  # what importing and the first use allocate belongs to the baseline
    gc.collect()
    tracemalloc.start()
    document = a_policy_of(LARGE)
    engine = Engine(in_memory(document))
    del document
    gc.collect()
    remaining = tracemalloc.get_traced_memory()[0]
    if len(engine.policy.rules) < LARGE:
        raise RuntimeError("the engine is not of the size that was asked for")
    return remaining / 2**20


def loading(rounds: int) -> tuple[Figure, Figure]:
    """Tell what loading 10,000 provisions takes: from YAML against PyYAML alone, and compiled against YAML."""
    with TemporaryDirectory() as folder:
        source, target = Path(folder) / "large.yaml", Path(folder) / "large.json"
        source.write_text(as_block_yaml(a_policy_of(LOADED)))
        (Path(folder) / "large.txt").write_text(PROSE)
        text = source.read_text()
        target.write_bytes(compiled(load(source)))
        parsed, from_yaml, from_compiled = [], [], []
        for _ in range(rounds):
            parsed.append(_seconds(lambda: yaml.load(text, Loader=yaml.CSafeLoader)))
            from_yaml.append(_seconds(lambda: Gate.load(source)))
            from_compiled.append(_seconds(lambda: Gate.load(target)))
    alone, ours, fast = (statistics.median(times) for times in (parsed, from_yaml, from_compiled))
    return (
        Figure(f"{ours * 1e3:.0f} ms", f"`yaml.load(…, CSafeLoader)`, {alone * 1e3:.0f} ms", ours / alone),
        Figure(f"{fast * 1e3:.1f} ms", f"its YAML, {ours * 1e3:.0f} ms", fast / ours),
    )


def _seconds(call: Callable[[], object]) -> float:
    gc.collect()
    start = time.perf_counter()
    call()
    return time.perf_counter() - start
