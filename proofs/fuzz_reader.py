"""Feeds the policy reader millions of broken files, led by what its code does with them, and stops at the first that breaks a law.

    python proofs/fuzz_reader.py --seconds 300

The laws are those of `tests/fuzzing.py`. Needs atheris (`pip install atheris`), which is no dependency of the project's, beside
what purposegate needs itself. What was tried and what broke a law is kept in `.fuzzing/`; nothing of it is printed. Exits with 1
where a law is broken, and with 2 where nothing could be tried.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".fuzzing"
LONGEST = 6_000
MEBIBYTES = 2_048
SECONDS_AN_INPUT = 60
# Of every so many mutations one is made by the fuzzer itself, from the bytes; the others know what a policy looks like.
BY_BYTES = 2


class BrokenLaw(Exception):  # noqa: N818 - what it is called by is what the log is searched for
    """Raised for bytes that break a law; names the law, and nothing of the bytes."""


def main() -> int:
    """Run the fuzzer in a process of its own, and say how it ended."""
    parser = argparse.ArgumentParser(description="fuzz the policy reader")
    parser.add_argument("--seconds", type=int, default=300, help="how long to try (default: 300)")
    parser.add_argument("--seed", type=int, default=0, help="what chance begins with; 0 for another every time")
    parser.add_argument("--fuzz", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fuzz is not None:
        fuzz(options.fuzz, options.seconds, options.seed)
    return watched(options.seconds, options.seed)


def watched(seconds: int, seed: int) -> int:
    """Start the fuzzer, keep what it says in a log, and sum it up."""
    KEPT.mkdir(exist_ok=True)
    (KEPT / ".gitignore").write_text("*\n")
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=KEPT))
    command = [sys.executable, __file__, "--seconds", str(seconds), "--seed", str(seed), "--fuzz", str(folder)]
    with (folder / "log").open("wb") as log:
        code = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False).returncode  # noqa: S603 - our own interpreter
    said = (folder / "log").read_text(errors="replace")
    executions = re.search(r"^stat::number_of_executed_units:\s*(\d+)", said, re.MULTILINE)
    if executions is None:
        print(f"the fuzzer did not run; {folder / 'log'} says why")
        return 2
    print(f"{int(executions[1])} executions")
    if code == 0:
        print("every law held")
        return 0
    laws = re.findall(r"BrokenLaw: ([a-z_, ]+)", said)
    print(f"broken: {laws[-1] if laws else 'the reader raised, or took too much time or memory'}; the input is kept in {folder}")
    return 1


def fuzz(folder: Path, seconds: int, seed: int) -> None:
    """Fuzz until the time is over or a law is broken; never returns."""
    import atheris  # noqa: PLC0415 - not installed with the project

    # The layers above are of no interest here, and Hypothesis is not needed.
    sys.path[:0] = [str(ROOT / part) for part in ("src", "tests", "benchmarks")]
    with atheris.instrument_imports(include=["purposegate.policy", "yaml"]):
        import yaml  # noqa: F401, PLC0415 - it has to be imported here first to be instrumented

        from purposegate.policy import reader  # noqa: F401, PLC0415 - as above
    from fuzzing import LAWS, Case  # noqa: PLC0415 - after what they import is instrumented
    from mutations import TOKENS, chance, spoilt, spoilt_bytes  # noqa: PLC0415 - as above

    def one_input(data: bytes) -> None:
        case = Case.of(data)
        broken = [law.__name__ for law in LAWS if any(True for _ in law(case))]
        if broken:
            raise BrokenLaw(", ".join(broken))

    def mutated(data: bytes, longest: int, number: int) -> bytes:
        random = chance(number)
        if random.randrange(BY_BYTES) == 0:
            by_bytes: bytes = atheris.Mutate(data, longest)
            return by_bytes
        text = spoilt(data.decode("utf-8", errors="replace"), random)
        return spoilt_bytes(text.encode("utf-8", errors="surrogatepass"), random)[:longest]

    corpus = folder / "corpus"
    corpus.mkdir()
    for number, text in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(text.encode()[:LONGEST])
    (folder / "tokens").write_text(
        "".join(f'"{escaped(token)}"\n' for token in TOKENS if len(token) <= len("provision_only: true"))
    )
    flags = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-rss_limit_mb={MEBIBYTES}",
        f"-timeout={SECONDS_AN_INPUT}",
        f"-seed={seed}",
        f"-dict={folder / 'tokens'}",
        f"-artifact_prefix={folder}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([__file__, *flags, str(corpus)], one_input, custom_mutator=mutated)
    atheris.Fuzz()


def seeds() -> list[str]:
    """Give the policies of the project, whole and cut up, and the beginnings of files that were made to hurt."""
    from builders import a_document, as_yaml  # noqa: PLC0415 - after what they import is instrumented
    from hostile import HEAD, HOSTILE  # noqa: PLC0415 - as above
    from mutations import as_block, chance, written  # noqa: PLC0415 - as above

    texts = [HEAD, as_yaml(a_document()).decode(), as_block(a_document()), json.dumps(a_document(), indent=1)]
    texts += [written(a_document(), chance(number)) for number in range(8)]
    for path in sorted(
        path for folder in ("policies", "examples") for path in ROOT.glob(f"{folder}/*.yaml") if ".test." not in path.name
    ):
        text = path.read_text()
        texts += [text, *(HEAD + section for section in re.split(r"^(?=[a-z]+:)", text, flags=re.MULTILINE))]
    return [*texts, *(text[:400] for text in HOSTILE.values())]


def escaped(token: str) -> str:
    """Write a token as a dictionary of libFuzzer's wants it."""
    return "".join(f"\\x{byte:02x}" for byte in token.encode("utf-8", errors="surrogatepass"))


if __name__ == "__main__":
    sys.exit(main())
