"""Share one gate between threads, with and without reloads, and between forked processes; then share other engines the same way.

Every answer is compared with the right one, which the construction of the policy gives. Exits with 1 where the gate answered wrong,
not at all, or nothing was asked; what the other engines do is only told. They run in processes of their own, so that one that
crashes ends nothing but itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any, Final

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))  # whose policies and engines are shared

from peers import Ask, Document, casbin_fast_enforcer, rego
from scale import in_memory
from sizes import PROSE, Triple, a_policy_of, as_block_yaml, denied_triples, permitted_triples

from purposegate import Gate

THREADS: Final = 8
CHILDREN: Final = 4
PROVISIONS: Final = 60
SWITCH: Final = 1e-5  # seconds after which a thread gives way, so that they meet often
RIGHT, WRONG_ALLOW, WRONG_DENIAL, RAISED = "right", "wrong allows", "wrong denials", "exceptions"


@dataclass(frozen=True)
class Outcome:
    """What came of sharing one engine."""

    what: str
    counts: Counter[str]
    ended: str = ""

    @property
    def wrong(self) -> int:
        """How often it answered wrong, or not at all."""
        return sum(count for kind, count in self.counts.items() if kind != RIGHT) + bool(self.ended)


def main() -> int:
    """Run every part and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=10.0, help="how long each engine is shared")
    options.add_argument("--quick", action="store_true", help="a second each")
    options.add_argument("--peer", choices=PEERS, help="share only this engine, and print what came of it as JSON")
    asked = options.parse_args()
    seconds = 1.0 if asked.quick else asked.seconds
    sys.setswitchinterval(SWITCH)
    if asked.peer:
        print(json.dumps(share(PEERS[asked.peer](a_policy_of(PROVISIONS, plain=True)), seconds)))
        return 0
    ours = [gate_by_threads(seconds), gate_by_reloads(seconds), gate_by_forks(seconds)]
    others = [peer(name, seconds) for name in PEERS]
    print(f"{THREADS} threads, one engine, {seconds:g} s each\n")
    print(f"{'shared':<58}{RIGHT:>12}{WRONG_ALLOW:>14}{WRONG_DENIAL:>15}{RAISED:>12}")
    for outcome in (*ours, *others):
        figures = "".join(
            f"{outcome.counts[kind]:>{width},}"
            for kind, width in ((RIGHT, 12), (WRONG_ALLOW, 14), (WRONG_DENIAL, 15), (RAISED, 12))
        )
        print(f"{outcome.what:<58}{figures}{'  ' + outcome.ended if outcome.ended else ''}")
    failed = [outcome.what for outcome in ours if outcome.wrong or not outcome.counts[RIGHT]]
    print(f"\n{sum(outcome.wrong for outcome in ours)} wrong answers of the gate")
    return 1 if failed else 0


def questions(document: Document) -> list[tuple[Triple, bool]]:
    """Give permitted and denied uses in turn."""
    permitted, denied = permitted_triples(document, 100), denied_triples(document, 100)
    return [each for pair in zip(permitted, denied, strict=False) for each in ((pair[0], True), (pair[1], False))]


def share(ask: Ask, seconds: float) -> dict[str, int]:
    """Let threads ask one engine at once, each beginning somewhere else; count what they are told."""
    cases = questions(a_policy_of(PROVISIONS, plain=True))
    counts = [Counter[str]() for _ in range(THREADS)]
    begin, until = Barrier(THREADS), time.monotonic() + seconds

    def work(number: int) -> None:
        begin.wait()
        mine = cases[number * 7 :] + cases[: number * 7]
        while time.monotonic() < until:
            for triple, expected in mine:
                counts[number][_kind(ask, triple, expected)] += 1

    _together(work)
    return dict(sum(counts, Counter[str]()))


def _kind(ask: Ask, triple: Triple, expected: bool) -> str:  # noqa: FBT001 - what is expected is an answer
    try:
        answer = ask(*triple)
    except Exception:  # noqa: BLE001 - whatever an engine raises, it gave no answer
        return RAISED
    if answer is expected:
        return RIGHT
    return WRONG_ALLOW if answer else WRONG_DENIAL


def _together(work: Callable[[int], None]) -> None:
    threads = [Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def gate_by_threads(seconds: float) -> Outcome:
    """Share a gate that nobody reloads; each thread also asks by instances that nobody asked by before."""
    gate = Gate(in_memory(a_policy_of(PROVISIONS, plain=True)))
    numbers = iter(range(10**12))

    def ask(category: str, purpose: str, recipient: str) -> bool:
        number = next(numbers)
        instance = recipient if number % 3 else f"{recipient}/i{number}"
        return gate.decide(category, purpose, instance).permitted

    return Outcome("purposegate", Counter(share(ask, seconds)))


class Reloaded:
    """A gate on a file that is rewritten and reloaded, between a policy and one that permits nothing of what it permits.

    A decision is right where it is that of the revision that it names, whichever that is.
    """

    def __init__(self, folder: Path) -> None:
        """Write the first revision and load it."""
        self.document = a_policy_of(PROVISIONS, plain=True)
        nothing = self.document | {"provisions": [], "policy": self.document["policy"] | {"revision": "2"}}
        self.texts = [as_block_yaml(self.document), as_block_yaml(nothing).replace("provisions:\n", "")]
        self.path = folder / "large.yaml"
        (folder / "large.txt").write_text(PROSE)
        self.path.write_text(self.texts[0])
        self.gate = Gate.load(self.path)
        self.expected = dict(questions(self.document))

    def kind(self, triple: Triple) -> str:
        """Ask, and tell whether the answer is that of the revision that gave it."""
        decision = self.gate.decide(*triple)
        expected = self.expected[triple] and decision.policy.revision == "1"
        if decision.permitted is expected:
            return RIGHT
        return WRONG_ALLOW if decision.permitted else WRONG_DENIAL

    def reload(self, turn: int) -> None:
        """Put the next revision in force."""
        self.path.write_text(self.texts[turn % 2])
        self.gate.reload()


def gate_by_reloads(seconds: float) -> Outcome:
    """Share a gate that another thread reloads all the time."""
    with tempfile.TemporaryDirectory() as folder:
        reloaded = Reloaded(Path(folder))
        counts = [Counter[str]() for _ in range(THREADS)]
        until = time.monotonic() + seconds
        turns = 0

        def work(number: int) -> None:
            while time.monotonic() < until:
                for triple in reloaded.expected:
                    counts[number][reloaded.kind(triple)] += 1

        stop = Event()

        def reload() -> None:
            nonlocal turns
            while not stop.is_set():
                turns += 1
                reloaded.reload(turns)

        reloader = Thread(target=reload)
        reloader.start()
        _together(work)
        stop.set()
        reloader.join()
    return Outcome(f"purposegate, reloaded {turns:,} times meanwhile", sum(counts, Counter[str]()))


def gate_by_forks(seconds: float) -> Outcome:
    """Fork a process again and again whose threads ask and reload; each child asks and reloads for itself."""
    total: Counter[str] = Counter()
    forks, ended = 0, ""
    with tempfile.TemporaryDirectory() as folder:
        reloaded = Reloaded(Path(folder))
        stop = Event()

        def busy() -> None:
            turn = 0
            while not stop.is_set():
                turn += 1
                reloaded.reload(turn)

        threads = [Thread(target=busy)]
        threads += [Thread(target=lambda: _ask_until(stop, reloaded)) for _ in range(3)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + seconds
        while time.monotonic() < until and not ended:
            for reader, child in [_forked(reloaded, Path(folder)) for _ in range(CHILDREN)]:
                forks += 1
                said, ended_as = _heard(reader, child)
                total += said
                ended = ended or ended_as
        stop.set()
        for thread in threads:
            thread.join()
    return Outcome(f"purposegate, in {forks:,} processes forked meanwhile", total, ended)


def _ask_until(stop: Event, reloaded: Reloaded) -> None:
    while not stop.is_set():
        for triple in reloaded.expected:
            reloaded.kind(triple)


def _forked(reloaded: Reloaded, folder: Path) -> tuple[int, int]:
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        return reader, child
    try:
        os.close(reader)
        counts = Counter(map(reloaded.kind, reloaded.expected))
        own = folder / str(os.getpid())
        own.mkdir()
        (own / "large.txt").write_text(PROSE)
        reloaded.path = own / "large.yaml"  # the parent goes on writing to its own
        reloaded.gate.bind("purpose_1")
        counts += Counter(map(reloaded.kind, reloaded.expected))
        os.write(writer, json.dumps(counts).encode())
    finally:
        os._exit(0)


def _heard(reader: int, child: int) -> tuple[Counter[str], str]:
    with os.fdopen(reader) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return (Counter(json.loads(said)), "") if said else (Counter(), "a child said nothing")


def cel_program(document: Document) -> Ask:
    """Ask one program of cel-python, compiled by its compiling runner and evaluated anew for each question."""
    import celpy  # noqa: PLC0415 - each engine in its own process
    from celpy.adapter import json_to_cel  # noqa: PLC0415 - as above

    grants: dict[str, Any] = {}
    for category, purpose, recipient in permitted_triples(document, sys.maxsize):
        grants.setdefault(recipient, {}).setdefault(purpose, []).append(category)
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    program = environment.program(
        environment.compile("recipient in grants && purpose in grants[recipient] && category in grants[recipient][purpose]")
    )
    known = json_to_cel(grants)

    text = celpy.celtypes.StringType

    def ask(category: str, purpose: str, recipient: str) -> bool:
        asked = {"category": text(category), "purpose": text(purpose), "recipient": text(recipient)}
        return bool(program.evaluate({"grants": known, **asked}))

    return ask


PEERS: Final[dict[str, Callable[[Document], Ask]]] = {
    "casbin FastEnforcer": casbin_fast_enforcer,
    "regopy": rego,
    "cel-python, CompiledRunner": cel_program,
}


def peer(name: str, seconds: float) -> Outcome:
    """Share another engine in a process of its own."""
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, __file__, "--peer", name, "--seconds", str(seconds)],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds * 6 + 60,
        )
    except subprocess.TimeoutExpired:
        return Outcome(name, Counter(), "hangs")
    if done.returncode:
        return Outcome(name, Counter(), f"ends the process (exit code {done.returncode})")
    return Outcome(name, Counter(json.loads(done.stdout)))


if __name__ == "__main__":
    sys.exit(main())
