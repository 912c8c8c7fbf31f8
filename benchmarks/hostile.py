"""Files that were made to hurt: each under a mebibyte, and what reading one costs beside an honest policy of its size."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

HEAD = """\
purposegate: 1
policy: {id: shop, title: Privacy, controller: shop, revision: 1, contact: us, prose: shop.txt}
recipients: {shop: {role: controller}}
"""


def _flood(entry: str, count: int = 60_000) -> str:
    return ", ".join([entry] * count)


def _names(template: str, count: int) -> str:
    return ", ".join(template.format(number, number - 1) for number in range(1, count))


RULES = "\n".join(
    f"  - {{clause: 1({number}), quote: To provide this Service, purposes: [p], data: [c{number % 900}], recipients: [t],"
    " channels: any, conditions: []}"
    for number in range(7_000)
)
HONEST = (
    HEAD.replace("{shop: {role: controller}}", "{shop: {role: controller}, t: {role: third_party}}")
    + "purposes: {p: {}}\ncategories: {"
    + ", ".join(f"c{number}: {{}}" for number in range(900))
    + f"}}\nprovisions:\n{RULES}\n"
)

HOSTILE: dict[str, str] = {
    "brackets": "[" * 1_000_000,
    "braces": "{a: " * 250_000,
    "closed brackets": "[" * 500_000 + "]" * 500_000,
    "dashes": "- " * 500_000,
    "empty rules": HEAD + f"uses: [{_flood('{}', 250_000)}]",
    "empty lists for rules": HEAD + f"uses: [{_flood('[]', 250_000)}]",
    "rules of one unknown key": HEAD + f"uses: [{_flood('{a: 1}', 120_000)}]",
    "unknown keys": HEAD.replace("id: shop", "id: shop, " + _names("k{}: 1", 80_000)),
    "unknown sections": HEAD + "\n".join(f"k{number}: 1" for number in range(90_000)),
    "bad names": HEAD + f"categories: {{{_names('K{}: 1', 80_000)}}}",
    "bad entries": HEAD + f"categories: {{{_names('k{}: 1', 80_000)}}}",
    "lists for names": HEAD + f"never: [{{data: [{_flood('[]', 240_000)}]}}]",
    "undeclared names": HEAD + f"categories: {{name: {{}}}}\nnever: [{{data: [{_names('nam{}', 90_000)}]}}]",
    "undeclared conditions": HEAD + f"never: [{{unless: [{_names('k{}', 90_000)}]}}]",
    "anchors": HEAD + f"never: [{_flood('&a b', 150_000)}]",
    "aliases": HEAD + f"never: [&a b, {_flood('*a', 200_000)}]",
    "tags": HEAD + f"never: [{_flood('!a b', 150_000)}]",
    "documents": HEAD + "---\n" * 200_000,
    "duplicate keys": HEAD + "uses: []\n" * 100_000,
    "a chain of parents": HEAD + f"categories: {{k0: {{}}, {_names('k{}: {{parent: k{}}}', 40_000)}}}",
    "a ring of parents": HEAD + f"categories: {{k0: {{parent: k39999}}, {_names('k{}: {{parent: k{}}}', 40_000)}}}",
    "own parents": HEAD + "categories: {" + ", ".join(f"k{n}: {{parent: k{n}}}" for n in range(40_000)) + "}",
    "a waist of parents": HEAD
    + "categories: {"
    + _names("k{}: {{}}", 15_000)
    + f", m: {{parent: [{_names('k{}', 15_000)}]}}, "
    + _names("b{}: {{parent: m}}", 15_000)
    + "}",
    "confusable names": HEAD + f"categories: {{{', '.join('l' * n + '1' * (900 - n) + ': {}' for n in range(900))}}}",
    "a long scalar": HEAD + "channels: {a: {quote: " + "x" * 1_000_000 + "}}",
    "a long key": HEAD + "k" * 1_000 + ": 1\n" + ("k" * 900 + "\n") * 1_000,
    "one long line of findings": HEAD + f"never: [{{unless: [{_names('kk{}', 90_000)}]}}]",
    "comments": HEAD + "# x\n" * 250_000,
    "question marks": "? " * 500_000,
    "quotes": '"' * 1_000_000,
    "one rule of all purposes and recipients": HEAD.replace(
        "{shop: {role: controller}}", f"{{shop: {{role: controller}}, {_names('r{}: {{role: third_party}}', 9_000)}}}"
    )
    + f"categories: {{c: {{}}}}\npurposes: {{{_names('p{}: {{}}', 9_000)}}}\nprovisions: [{{clause: 1, quote: x, data: any, "
    f"purposes: [{_names('p{}', 9_000)}], recipients: [{_names('r{}', 9_000)}], channels: any, conditions: []}}]",
    "a never over everything": HEAD
    + f"categories: {{{_names('c{}: {{}}', 9_000)}}}\npurposes: {{{_names('p{}: {{}}', 9_000)}}}\n"
    + "uses: ["
    + ", ".join(
        f"{{clause: 1, quote: x, data: any, purposes: any, conditions: [], except: {{data: [c{n}]}}}}" for n in range(1, 4_000)
    )
    + "]\nconditions: {k: {shown_by: fact}}\n"
    + "never: [{data: any, purposes: any, recipients: any, unless: [k]}]",
    "many nevers": HEAD
    + f"categories: {{{_names('c{}: {{}}', 9_000)}}}\npurposes: {{{_names('p{}: {{}}', 9_000)}}}\n"
    + f"never: [{_flood('{data: any, purposes: any, recipients: any, unless: []}', 10_000)}]",
    "long names, undeclared": HEAD
    + "categories:\n"
    + "".join(f"  ? {chr(97 + n) * 40_000}\n  : {{}}\n" for n in range(12))
    + f"never: [{{data: [{_names('k{}', 990)}]}}]",
    "long names in a ring": HEAD
    + "categories:\n"
    + "".join(f"  ? {chr(97 + n) * 50_000}\n  : {{parent: [{chr(97 + (n + 1) % 7) * 50_000}]}}\n" for n in range(7)),
    "names that are alike": HEAD
    + f"categories: {{{_names('n' * 60 + '{:03d}' + 'n' * 30 + ': {{}}', 900)}}}\n"
    + f"never: [{{data: [{_names('n' * 60 + '{:03d}' + 'm' * 30, 900)}]}}]",
    "exempt": HEAD
    + "objections: {"
    + ", ".join(f"o{n}: {{exempt: [x, y, z]}}" for n in range(9_000))
    + "}\nuses: ["
    + _flood("{clause: a}", 40_000)
    + "]",
}

# Where the reader finds nothing wrong: they only try to be expensive, or are refused by the engine.
HARMLESS = frozenset(
    {
        "a never over everything",
        "many nevers",
        "a long scalar",
        "a waist of parents",
        "comments",
        "one rule of all purposes and recipients",
    }
)

MEASURE = """
import re, sys, time
from pathlib import Path
from purposegate.engine.judge import Engine
from purposegate.errors import PolicyError
from purposegate.policy.reader import read
read(b"purposegate: 1", "warm.yaml")
def peak():
    # The kernel's high-water mark of this process; getrusage would begin at that of the process which started it.
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
data = sys.stdin.buffer.read()
before = peak()
start = time.process_time()
reading = read(data, "p.yaml")
if reading.policy is not None:
    try:
        Engine(reading.policy)
    except PolicyError:
        pass
spent = time.process_time() - start
print(spent, (peak() - before) / 1024, len(reading.findings))
"""


@dataclass(frozen=True)
class Cost:
    """What reading and compiling one file took: processor seconds, MiB beyond the interpreter's own, findings."""

    seconds: float
    mebibytes: float
    findings: int


def measured(text: str) -> Cost:
    """Read a text in a process of its own."""
    done = subprocess.run([sys.executable, "-c", MEASURE], input=text.encode(), capture_output=True, check=True)  # noqa: S603 - our own interpreter
    seconds, mebibytes, findings = done.stdout.split()
    return Cost(float(seconds), float(mebibytes), int(findings))
