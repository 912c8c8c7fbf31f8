"""Share other engines between threads, as `shared.py` shares the gate: each asked right by one thread first, then by many.

Each runs in a process of its own (`shared_others.py NAME SECONDS`), so that one that crashes ends nothing but itself.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import local
from typing import Any, Final

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))  # whose policies and engines are shared

import celpy
from celpy.adapter import json_to_cel
from peers import Ask, Document, casbin_enforcer, casbin_fast_enforcer, cedar_tags, purposegate, rego, vakt_guard
from sizes import Triple, a_policy_of, denied_triples, permitted_triples
from together import PATIENCE, PROVISIONS, RAISED, RIGHT, THREADS, WRONG_ALLOW, WRONG_DENIAL, Counts, Outcome, prepare, together

_MANY: Final = sys.maxsize
_EXPRESSION: Final = "recipient in grants && purpose in grants[recipient] && category in grants[recipient][purpose]"
Questions = list[tuple[Triple, bool]]


def outcomes(seconds: float) -> Iterator[Outcome]:
    """Share each engine in turn."""
    for name in ENGINES:
        try:
            done = subprocess.run(  # noqa: S603 - this program itself
                [sys.executable, __file__, name, str(seconds)],
                capture_output=True,
                text=True,
                check=False,
                timeout=seconds + 3 * PATIENCE,
            )
        except subprocess.TimeoutExpired:
            yield Outcome(name, Counts(), ended="the process does not end")
            continue
        if done.returncode:
            last = done.stderr.strip().rpartition("\n")[2]
            yield Outcome(name, Counts(), ended=f"the process ends with {done.returncode} {last}")
        else:
            yield Outcome(name, Counts(json.loads(done.stdout)))


def shared(ask: Ask, questions: Questions, seconds: float) -> Counts:
    """Let threads ask one engine at once, each beginning somewhere else; count what they are told."""
    wrong = [triple for triple, expected in questions if ask(*triple) is not expected]
    if wrong:
        raise RuntimeError(f"also wrong when one thread asks: {wrong[0]}")
    end = time.monotonic() + seconds

    def working(start: int) -> Callable[[Counts], None]:
        mine = questions[start:] + questions[:start]

        def work(counts: Counts) -> None:
            while time.monotonic() < end:
                for triple, expected in mine:
                    counts[_kind(ask, triple, expected=expected)] += 1

        return work

    return together([working(number * 7) for number in range(THREADS)], seconds)


def _kind(ask: Ask, triple: Triple, *, expected: bool) -> str:
    try:
        answer = ask(*triple)
    except Exception:  # noqa: BLE001 - whatever an engine raises, it gave no answer
        return RAISED
    if answer is expected:
        return RIGHT
    return WRONG_ALLOW if answer else WRONG_DENIAL


def _questions(document: Document) -> Questions:
    """Give permitted and denied uses in turn."""
    pairs = zip(permitted_triples(document, 100), denied_triples(document, 100), strict=False)
    return [question for permitted, denied in pairs for question in ((permitted, True), (denied, False))]


def cel_interpreted(document: Document) -> Ask:
    """Ask one program of cel-python, run by its default runner and evaluated anew for each question."""
    return _evaluating(_cel_program(celpy.InterpretedRunner), document)


def cel_compiled(document: Document) -> Ask:
    """Ask one program of cel-python that was compiled to Python."""
    return _evaluating(_cel_program(celpy.CompiledRunner), document)


def cel_compiled_apart(document: Document) -> Ask:
    """Ask compiled programs of cel-python of which no two threads share one."""
    known, own = _known(document), local()

    def ask(category: str, purpose: str, recipient: str) -> bool:
        if not hasattr(own, "ask"):
            own.ask = _evaluating(_cel_program(celpy.CompiledRunner), document, known)
        return bool(own.ask(category, purpose, recipient))

    return ask


def _cel_program(runner: type[Any]) -> Any:  # noqa: ANN401 - its types are not read
    environment = celpy.Environment(runner_class=runner)
    return environment.program(environment.compile(_EXPRESSION))


def _known(document: Document) -> Any:  # noqa: ANN401 - as above
    grants: dict[str, dict[str, list[str]]] = {}
    for category, purpose, recipient in permitted_triples(document, _MANY):
        grants.setdefault(recipient, {}).setdefault(purpose, []).append(category)
    return json_to_cel(grants)


def _evaluating(program: Any, document: Document, known: Any = None) -> Ask:  # noqa: ANN401 - as above
    grants, text = known or _known(document), celpy.celtypes.StringType

    def ask(category: str, purpose: str, recipient: str) -> bool:
        asked = {"category": text(category), "purpose": text(purpose), "recipient": text(recipient)}
        return bool(program.evaluate({"grants": grants, **asked}))

    return ask


ENGINES: Final[dict[str, Callable[[Document], Ask]]] = {
    "purposegate, asked the same": purposegate,
    "cedarpy, entity tags": cedar_tags,
    "vakt": vakt_guard,
    "casbin Enforcer": casbin_enforcer,
    "casbin FastEnforcer": casbin_fast_enforcer,
    "regopy": rego,
    "cel-python, InterpretedRunner": cel_interpreted,
    "cel-python, CompiledRunner": cel_compiled,
    "cel-python, CompiledRunner, a program for each thread": cel_compiled_apart,
}


def main() -> int:
    """Share one engine, and print what came of it as JSON."""
    name, seconds = sys.argv[1:]
    prepare()
    document = a_policy_of(PROVISIONS, plain=True)
    print(json.dumps(shared(ENGINES[name](document), _questions(document), float(seconds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
