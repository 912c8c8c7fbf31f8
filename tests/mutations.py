"""Policies written in every way that YAML allows, and ways to spoil their text: functions of a text and a source of chance."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any, Final

Mutation = Callable[[str, Random], str]

# What a text may be spoilt with: every token of YAML, what one parser takes otherwise than another, what the eye does not see.
TOKENS: Final = (
    *("- ", "-", "? ", "?", ": ", ":", " :", "{", "}", "[", "]", ",", ", ", " ,", "# ", " #", " # x", "#", '"', "'", "''", '""'),
    *("&a ", "&a", "*a", "*a ", "!t ", "!", "!!str ", "!!python/name:os.system ", "!<x> ", "<<: ", "<<: *a", "{<<: *a}", "= : "),
    *("| ", "|", ">", "|-\n", "|+\n", ">-\n", "|2\n", "|#x\n", "| #x\n", ">9", "---", "\n---\n", "\n...\n", "--- ", "%YAML 1.2\n"),
    *("\n%TAG ! tag:x,1:\n", "\r%YAML 1.3\r---\r", "@", "`", "%", "~", "null", "NO", "on", "yes", "1e3", "0x1F", "0o7", "1_000"),
    *("2020-03-09", "12:30", ".inf", "any", '"any"', "any ", "Any", "[any]", "[]", "{}", "[[]]", "[{}]", "{a}", "{a: }", "[a: b]"),
    *("\\", "\\n", "\\x41", "\\u202e", "\\e[31m", "\\U00110000", "\\UFFFFFFFF", "\\ud800", "\\N", "\\L", "\\_", "\\/", "\\\n"),
    *("\t", "\r", "\r\n", "\n", "\n\n", "\n ", "\n  ", "\n" + " " * 40, " ", "  ", " " * 9, " " * 1100, "k" * 1030),
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\xa0", "\xad", "\u061c", "\u200b", "\u200f", "\u2028", "\u2029", "\u202e"),
    *(
        "\u2066",
        "\ufeff",
        "\ufffe",
        "\ufdd0",
        "\u3000",
        "\u3164",
        "\ue000",
        "\U0001f600",
        "\U000e0041",
        "\U0001fffe",
        "e\u0301",
        "é",
    ),
    *("\u0430", "\uff44", "\u017f", "\uff1a", "\uff0c", "\uff3b", "\uff0d", "“", "’"),
    *("data: any", "purposes: any", "recipients: any", "conditions: []", "except: {}", "provision_only: true", "shown_by: fact"),
    *("a: b", "? a\n: b", "- - x", "role: controller", "purposegate: 1", "parent: ", "effective: 2999-01-01"),
)
# Letters of other scripts, a hyphen, a colon and a blank that look like ours.
LOOK_ALIKES: Final = dict(zip("aeopcis_-: ", "\u0430\u0435\u043e\u0440\u0441\u0456\u0455\uff3f\u2010\uff1a\xa0", strict=True))
_WORD: Final = re.compile(r"[A-Za-z0-9_()./-]+")


def chance(seed: int) -> Random:
    """Give a source of chance that gives the same for the same seed."""
    return Random(seed)  # noqa: S311 - it spoils files, and guards nothing


def spoilt(text: str, random: Random, most: int = 4) -> str:
    """Change a text in one or several ways; at times in none."""
    for _ in range(random.randint(0, most)):
        text = random.choice(MUTATIONS)(text, random)
    return text


def spoilt_bytes(data: bytes, random: Random) -> bytes:
    """Flip a bit, cut the end off, or put a byte in or out; at times nothing."""
    at = random.randint(0, max(0, len(data) - 1))
    kind = random.randint(0, 9)
    if kind == 0 and data:
        return data[:at] + bytes([data[at] ^ (1 << random.randint(0, 7))]) + data[at + 1 :]
    if kind == 1:
        return data[:at]
    if kind == 2:
        return data[:at] + data[at + 1 :]
    if kind == 3:
        return data[:at] + bytes([random.randint(0, 255)]) + data[at:]
    return data


# --- mutations of lines --------------------------------------------------------------------------------------------------------


def swap_lines(text: str, random: Random) -> str:
    lines, (one, other) = _lines(text), _two(text, random)
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def double_lines(text: str, random: Random) -> str:
    lines, (one, other) = _lines(text), _two(text, random)
    return "".join([*lines[:other], *lines[one : one + random.randint(1, 3)], *lines[other:]])


def drop_lines(text: str, random: Random) -> str:
    lines, (one, _) = _lines(text), _two(text, random)
    return "".join([*lines[:one], *lines[one + random.randint(1, 3) :]])


def indent_lines(text: str, random: Random) -> str:
    lines, (one, _) = _lines(text), _two(text, random)
    by = random.choice([-4, -2, -1, 1, 2, 3, 4, 70])
    for at in range(one, min(len(lines), one + random.randint(1, 4))):
        blanks = len(lines[at]) - len(lines[at].lstrip(" "))
        lines[at] = " " * max(0, blanks + by) + lines[at].lstrip(" ")
    return "".join(lines)


def join_lines(text: str, random: Random) -> str:
    lines, (one, _) = _lines(text), _two(text, random)
    lines[one] = lines[one].rstrip("\r\n") + random.choice(["", " ", ", "])
    return "".join(lines)


def comment_on_a_line(text: str, random: Random) -> str:
    lines, (one, _) = _lines(text), _two(text, random)
    mark = random.choice(["#", " #", " # ]", "# x", " #}\n", "\xa0#"])
    at = random.choice([len(lines[one].rstrip("\r\n")), random.randint(0, max(0, len(lines[one]) - 1))])
    lines[one] = lines[one][:at] + mark + lines[one][at:]
    return "".join(lines)


# --- mutations of words --------------------------------------------------------------------------------------------------------


def put_a_token_in(text: str, random: Random) -> str:
    at = random.randint(0, len(text))
    return text[:at] + random.choice(TOKENS) + text[at:]


def put_a_token_beside_a_word(text: str, random: Random) -> str:
    start, end = _word(text, random)
    at = random.choice([start, end])
    return text[:at] + random.choice(TOKENS) + text[at:]


def put_a_token_for_a_word(text: str, random: Random) -> str:
    start, end = _word(text, random)
    return text[:start] + random.choice(TOKENS) + text[end:]


def quote_a_word(text: str, random: Random) -> str:
    start, end = _word(text, random)
    word = text[start:end]
    quoted = random.choice(
        [
            f'"{word}"',
            f"'{word}'",
            '"' + "".join(f"\\x{ord(letter):02x}" if ord(letter) < 256 else letter for letter in word) + '"',
            f'"{word[:1]}\\\n   {word[1:]}"',
            f'"{word[:1]}\n   {word[1:]}"',
            f'"{word} "',
            f'"{word}\\0"',
            f"'{word}''s'",
            f"!!str {word}",
            f"&a {word}",
            f"[{word}]",
            f"{{{word}}}",
            f"{{{word}: }}",
            f">-\n      {word}\n",
            f"|\n      {word}\n",
        ]
    )
    return text[:start] + quoted + text[end:]


def fold_a_blank(text: str, random: Random) -> str:
    blanks = [at for at, letter in enumerate(text) if letter == " "]
    if not blanks:
        return text
    at = random.choice(blanks)
    return text[:at] + random.choice(["\n", "\n ", "\n   ", "\n\n    ", "  ", "\t", "\xa0", "\x85", "\u2028", ""]) + text[at + 1 :]


def put_one_word_for_another(text: str, random: Random) -> str:
    start, end = _word(text, random)
    from_, to = _word(text, random)
    return text[:start] + text[from_:to] + text[end:]


def disguise_a_letter(text: str, random: Random) -> str:
    places = [at for at, letter in enumerate(text) if letter in LOOK_ALIKES]
    if not places:
        return text
    at = random.choice(places)
    return text[:at] + LOOK_ALIKES[text[at]] + text[at + 1 :]


def ask_for_a_key(text: str, random: Random) -> str:
    """Write one `key: value` as `? key` and `: value`."""
    found = list(re.finditer(r"^( *)([a-z_]+): (.+)$", text, re.MULTILINE))
    if not found:
        return text
    key = random.choice(found)
    return text[: key.start()] + f"{key[1]}? {key[2]}\n{key[1]}: {key[3]}" + text[key.end() :]


# --- mutations of the whole ----------------------------------------------------------------------------------------------------


def double_a_stretch(text: str, random: Random) -> str:
    start, end = sorted((random.randint(0, len(text)), random.randint(0, len(text))))
    end = min(end, start + 60)
    at = random.randint(0, len(text))
    return text[:at] + text[start:end] + text[at:]


def drop_a_stretch(text: str, random: Random) -> str:
    start = random.randint(0, len(text))
    return text[:start] + text[start + random.randint(1, 20) :]


def cut_the_end_off(text: str, random: Random) -> str:
    return text[: random.randint(0, len(text))]


def end_lines_otherwise(text: str, random: Random) -> str:
    end = random.choice(["\r\n", "\r", "\n\n", " \n", "\x85", "\u2029"])
    if random.randint(0, 1):
        return text.replace("\n", end)
    at = text.find("\n", random.randint(0, len(text)))
    return text if at < 0 else text[:at] + end + text[at + 1 :]


def frame_the_document(text: str, random: Random) -> str:
    before = random.choice(
        [
            "",
            "\ufeff",
            "\ufeff\ufeff",
            "---\n",
            "--- ",
            "--- # x\n",
            "---\n---\n",
            "...\n",
            "\n\n",
            "# x\n",
            "%YAML 1.1\n---\n",
            "\r%X y\r---\r",
        ]
    )
    after = random.choice(
        [
            "",
            "...\n",
            "\n...\n",
            "\n---\n",
            "\n--- \n...\n",
            "\n...\nx: 1\n",
            "... # x",
            "\n}",
            "\n]",
            "\n*a",
            "\n\ufeff",
            "\n...",
            "\n--- ~\n",
        ]
    )
    return before + text + after


def bracket_a_line(text: str, random: Random) -> str:
    lines, (one, _) = _lines(text), _two(text, random)
    line = lines[one].rstrip("\r\n")
    lines[one] = random.choice([f"[{line}]\n", f"{{{line}}}\n", f"? {line}\n", f"- {line}\n", f"? - {line}\n", f": {line}\n"])
    return "".join(lines)


MUTATIONS: Final[tuple[Mutation, ...]] = (
    swap_lines,
    double_lines,
    drop_lines,
    indent_lines,
    join_lines,
    comment_on_a_line,
    put_a_token_in,
    put_a_token_beside_a_word,
    put_a_token_for_a_word,
    quote_a_word,
    fold_a_blank,
    put_one_word_for_another,
    disguise_a_letter,
    ask_for_a_key,
    double_a_stretch,
    drop_a_stretch,
    cut_the_end_off,
    end_lines_otherwise,
    frame_the_document,
    bracket_a_line,
)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True) or [""]


def _two(text: str, random: Random) -> tuple[int, int]:
    last = len(_lines(text)) - 1
    return random.randint(0, last), random.randint(0, last)


def _word(text: str, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(text))
    found = _WORD.search(text, start) or _WORD.search(text)
    return found.span() if found else (start, start)


# --- the same policy, written otherwise ----------------------------------------------------------------------------------------


def written(document: dict[str, Any], random: Random) -> str:
    """Write plain data as YAML in styles that chance chooses for every part; it stays the same policy."""
    text = _mapping(document, random, 0).lstrip("\n")
    text = random.choice(["", "", "---\n", "--- # x\n", "# “x”: [\n\n"]) + text + "\n" + random.choice(["", "", "...\n", "# end"])
    return text.replace("\n", random.choice(["\n", "\n", "\r\n"]))


def as_block(document: dict[str, Any]) -> str:
    """Write plain data as people do."""
    return written(document, _Plain())


class _Plain(Random):
    """Chooses the first of everything."""

    def choice(self, seq: Any) -> Any:
        return seq[0]

    def randint(self, a: int, b: int) -> int:
        return a


def _mapping(node: dict[str, Any], random: Random, indent: int) -> str:
    """Write a mapping in block style, from a new line on."""
    step = random.choice([2, 2, 1, 4, 7])
    parts = []
    for key, value in node.items():
        pad = "\n" + " " * indent
        name = _key(key, random)
        ask = random.choice([False] * 9 + [True])
        parts.append(_gap(random, indent) + pad + (f"? {name}{pad}:" if ask else f"{name}:") + _value(value, random, indent, step))
    return "".join(parts)


def _value(value: Any, random: Random, indent: int, step: int) -> str:
    block = random.choice([True, False])
    if isinstance(value, dict) and value and block:
        return _comment(random) + _mapping(value, random, indent + step)
    if isinstance(value, list) and value and block:
        return _comment(random) + _sequence(value, random, indent + random.choice([step, 0]))
    if isinstance(value, str) and random.choice([False] * 4 + [True]):
        return _block_scalar(value, random, indent + step)
    return " " * random.choice([1, 1, 1, 2, 9]) + _flow(value, random, indent + step) + _comment(random)


def _sequence(node: list[Any], random: Random, indent: int) -> str:
    step = random.choice([2, 2, 3])
    parts = []
    for item in node:
        pad = _gap(random, indent) + "\n" + " " * indent + "-"
        if isinstance(item, dict) and item and random.choice([True, False]):
            # `- key: value`: the mapping begins beside the dash.
            inner = _mapping(item, random, indent + step)
            first = inner.lstrip("\n ") if "#" not in inner[: inner.index(":")] else None
            parts.append(pad + (inner if first is None else " " * (step - 1) + first))
        else:
            parts.append(pad + " " + _flow(item, random, indent + step) + _comment(random))
    return "".join(parts)


def _flow(node: Any, random: Random, indent: int) -> str:
    break_ = random.choice(["", "", "", " ", "\n" + " " * (indent + 1), " # x ] }\n" + " " * (indent + 1)])
    separator = random.choice([", ", ", ", " , ", ",\n" + " " * (indent + 1)])
    end = random.choice(["", "", ",", " ,", "\n" + " " * (indent + 1)])
    if isinstance(node, dict):
        pairs = [f"{_key(key, random)}: {_flow(value, random, indent + 1)}" for key, value in node.items()]
        return "{" + break_ + separator.join(pairs) + (end if pairs else "") + "}"
    if isinstance(node, list):
        items = [_flow(value, random, indent + 1) for value in node]
        return "[" + break_ + separator.join(items) + (end if items else "") + "]"
    return _scalar(node, random, indent)


def _key(key: str, random: Random) -> str:
    return random.choice([key, key, key, f"'{key}'", json.dumps(key)])


def _scalar(value: Any, random: Random, indent: int) -> str:
    if not isinstance(value, str):
        return json.dumps(value)  # a version or a truth value, which is never quoted
    plain = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_()./ -]*", value) is not None and not value.endswith(" ")
    folded = "\n" + " " * (indent + 1)
    styles = [
        json.dumps(value, ensure_ascii=False),
        "'" + value.replace("'", "''") + "'",
        '"' + "".join(f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 and letter != " " else letter for letter in value) + '"',
        "'" + value.replace("'", "''").replace(" ", folded, 1) + "'",
        json.dumps(value, ensure_ascii=False).replace(" ", f"\\{folded}\\ ", 1),
    ]
    if plain:
        styles = [value, value, *styles, value.replace(" ", folded, 1)]
    return str(random.choice(styles))


def _block_scalar(value: str, random: Random, indent: int) -> str:
    """Write text under `|` or `>`; it must not begin with a blank, which would be taken for indentation."""
    if value != value.strip() or "\n" in value or not value:
        return " " + json.dumps(value, ensure_ascii=False)
    header = random.choice(["|-", ">-", "|- # x"])
    body = value.replace(" ", "\n" + " " * indent, 1) if header == ">-" else value
    return f" {header}\n{' ' * indent}{body}"


def _comment(random: Random) -> str:
    return str(random.choice(["", "", "", "", " # x", " # {", " #: - [", "  "]))


def _gap(random: Random, indent: int) -> str:
    return str(random.choice(["", "", "", "", "", "\n", "\n# x: y", "\n" + " " * indent + "# - x", "\n  "]))
