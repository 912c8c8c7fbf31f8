"""The markup: text becomes mappings and lists that know where they stood, or a finding that shows the place."""

from __future__ import annotations

from typing import Any

import pytest

from purposegate import Finding, Location, Severity
from purposegate.policy.markup import (
    FINDINGS_LIMIT,
    NESTING_LIMIT,
    Findings,
    Map,
    Quoted,
    Seq,
    Source,
    TooManyFindings,
    decode,
    position,
    read_markup,
)
from purposegate.policy.reader import read
from purposegate.policy.terms import SIZE_LIMIT

PARSERS = pytest.mark.parametrize("pure", [False, True], ids=["libyaml", "pure"])
NOT_YAML = "the file is not well-formed YAML from here on"
HELP = "look for a missing quotation mark, comma or bracket, a tab, or `: ` inside unquoted text"
GAP = "nothing is written here; leave the key out, or write `[]`, `{}` or a value"


class Built:
    """What a text became: the tree, what was complained of, and the entries in the order in which they were told."""

    def __init__(self, text: str, *, pure: bool = False) -> None:
        self.entries: list[tuple[Any, ...]] = []
        self.findings = Findings()
        self.tree = read_markup(Source(text, "shop.yaml"), self.findings, lambda *entry: self.entries.append(entry), pure=pure)

    def told(self) -> list[str]:
        return [str(finding) for finding in self.findings]


def tree_of(text: str, *, pure: bool = False) -> Map:
    built = Built(text, pure=pure)
    assert built.told() == []
    assert built.tree is not None
    return built.tree


def packed(line: int, column: int) -> int:
    """Pack a place that counts from one, as a reader sees it."""
    return (line - 1) << 32 | (column - 1)


def shown(place: str, complaint: str, line: str, caret: str, help_: str | None = None) -> str:
    """Word a finding as it is printed; `caret` is what stands in the line before the place."""
    number = place.partition(":")[0]
    gutter = " " * len(number)
    lines = [f"shop.yaml:{place}: {complaint}", f"  {number} | {line}", f"  {gutter} | {' ' * len(caret)}^"]
    return "\n".join([*lines, f"  help: {help_}"] if help_ else lines)


# A text, its finding: where, of what kind and with which words, the line that is shown, and what stands in it before the caret.
COMPLAINTS: dict[str, tuple[str, str, str, str, str, str | None]] = {
    "a carriage return alone": (
        "a: b\nc: d\re: f\n",
        "2:5",
        "line-end] a line ends with a carriage return alone, which most programs do not show as its end",
        "c: d",
        "c: d",
        None,
    ),
    "a directive": ("a: b\n%YAML 1.2\n", "2:1", "directive] a policy holds no YAML directives", "%YAML 1.2", "", None),
    "a tab": ("a: b\nc:\td\n", "2:3", "tab] a policy holds no tabs; write spaces", "c: d", "c:", None),
    "what is no YAML": ("a: b\nc: [d}\n", "2:6", f"not-yaml] {NOT_YAML}", "c: [d}", "c: [d", HELP),
    "an end in the middle": ("a: b\nc: [d", "2:6", f"not-yaml] {NOT_YAML}", "c: [d", "c: [d", HELP),
    "an end in the middle, after the line's end": ("c: [d\n", "2:1", f"not-yaml] {NOT_YAML}", "", "", HELP),
    "a second document": ("a: b\n---\nc: d\n", "2:1", "several-documents] a policy is one document", "---", "", None),
    "nothing": ("", "1:1", "empty] the file is empty; a policy begins with `purposegate: 1`", "", "", None),
    "a comment alone": ("\n# x\n", "1:1", "empty] the file is empty; a policy begins with `purposegate: 1`", "", "", None),
    "empty quotes": ("''", "1:1", "empty] the file is empty; a policy begins with `purposegate: 1`", "''", "", None),
    "a list": ("- a\n", "1:1", "not-a-policy] a policy is a mapping that begins with `purposegate: 1`", "- a", "", None),
    "an empty list": ("[]", "1:1", "not-a-policy] a policy is a mapping that begins with `purposegate: 1`", "[]", "", None),
    "a word": ("\nword", "1:1", "not-a-policy] a policy is a mapping that begins with `purposegate: 1`", "", "", None),
    "a list, too deep": (
        "a: b\nc: " + "[" * 32 + "]" * 32,
        "2:35",
        "nesting] more than 32 levels of nesting",
        "c: " + "[" * 32 + "]" * 32,
        "c: " + "[" * 31,
        None,
    ),
}


@PARSERS
@pytest.mark.parametrize("name", COMPLAINTS)
def test_what_makes_no_tree_is_one_finding_with_its_line_and_its_place(name: str, pure: bool) -> None:
    text, place, complaint, line, caret, help_ = COMPLAINTS[name]

    built = Built(text, pure=pure)

    assert built.told() == [shown(place, f"error[{complaint}", line, caret, help_)]
    assert built.tree is None


# As above, for what is left out of the tree or kept in it, so that other mistakes are found too.
BLEMISHES: dict[str, tuple[str, str, str, str, str]] = {
    "an anchor": ("a: b\nc: &x d\n", "2:4", "anchor] an anchor has no meaning here; write the text out", "c: &x d", "c: "),
    "an anchor of a list": ("c: &x [d]\n", "1:4", "anchor] an anchor has no meaning here; write the text out", "c: &x [d]", "c: "),
    "a tag": ("a: b\nc: !x d\n", "2:4", "tag] a tag has no meaning here; a value's place gives its type", "c: !x d", "c: "),
    "a tag of a mapping": (
        "c: !!map {}\n",
        "1:4",
        "tag] a tag has no meaning here; a value's place gives its type",
        "c: !!map {}",
        "c: ",
    ),
    "a gap": ("a: b\nc:\n", "2:1", f"nothing-here] {GAP}", "c:", ""),
    "a gap before another key": ("c:\na: b\n", "1:1", f"nothing-here] {GAP}", "c:", ""),
    "a gap in a mapping in brackets": ("a: {b: , c: d}\n", "1:5", f"nothing-here] {GAP}", "a: {b: , c: d}", "a: {"),
    "a gap in a list": ("a:\n  -\n", "2:4", f"nothing-here] {GAP}", "  -", "  -"),
    "a list in a list": ("a: [b, [c]]\n", "1:8", "wrong-value] a list has no place in a list", "a: [b, [c]]", "a: [b, "),
    "a list for a key": ("a: b\n? [c]\n: d\n", "2:3", "key] a key is a word", "? [c]", "? "),
    "a mapping for a key": ("a: b\n{c: d}: e\n", "2:1", "key] a key is a word", "{c: d}: e", ""),
    "a merge key": (
        "a: b\n<<: {c: d}\n",
        "2:1",
        "merge-key] a merge key repeats text from elsewhere; write it out",
        "<<: {c: d}",
        "",
    ),
    "a duplicate key": ("x: y\na: b\na: c\n", "3:1", "duplicate-key] `a` was written before, on line 2", "a: c", ""),
    "a long duplicate key": (
        f"{'k' * 61}: b\n{'k' * 61}: c\n",
        "2:1",
        f"duplicate-key] `{'k' * 60} …` was written before, on line 1",
        f"{'k' * 61}: c",
        "",
    ),
    "an escaped control character": (
        'a: b\nc: "d\\u0007"\n',
        "2:4",
        "control-character] the text escapes a control character",
        'c: "d\\u0007"',
        "c: ",
    ),
}


@PARSERS
@pytest.mark.parametrize("name", BLEMISHES)
def test_what_has_no_place_in_a_tree_is_one_finding_with_its_line_and_its_place(name: str, pure: bool) -> None:
    text, place, complaint, line, caret = BLEMISHES[name]

    built = Built(text, pure=pure)

    assert built.told() == [shown(place, f"error[{complaint}", line, caret)]
    assert built.tree is not None


@PARSERS
def test_an_alias_stands_for_nothing_and_is_told_beside_its_anchor(pure: bool) -> None:
    built = Built("a: &x b\nc: *x\nd: e\n", pure=pure)

    assert built.told() == [
        shown("1:4", "error[anchor] an anchor has no meaning here; write the text out", "a: &x b", "a: "),
        shown("2:4", "error[alias] an alias repeats text from elsewhere; write it out", "c: *x", "c: "),
    ]
    assert built.tree == {"a": "b", "c": "", "d": "e"}


@PARSERS
def test_what_is_wrong_with_a_key_takes_no_value_with_it(pure: bool) -> None:
    """The pairs around it keep their own values, and of a key that is there twice the first counts."""
    built = Built("a: b\n[c]: d\ne: f\n<<: {g: h}\na: i\nj: k\n", pure=pure)

    assert [finding.slug for finding in built.findings] == ["key", "merge-key", "duplicate-key"]
    assert built.tree == {"a": "b", "e": "f", "j": "k"}
    assert built.tree.keys_at == {"a": packed(1, 1), "e": packed(3, 1), "j": packed(6, 1)}
    assert built.tree.values_at == {"a": packed(1, 4), "e": packed(3, 4), "j": packed(6, 4)}


@PARSERS
def test_a_list_in_a_list_is_left_out_with_all_that_it_holds(pure: bool) -> None:
    built = Built("a: [b, [c, [d]], e]\n", pure=pure)

    assert [finding.location and finding.location.column for finding in built.findings] == [12, 8]
    assert built.tree == {"a": ["b", "e"]}
    assert built.tree["a"].items_at == [packed(1, 5), packed(1, 18)]


@PARSERS
def test_a_merge_key_in_quotation_marks_is_a_key(pure: bool) -> None:
    assert tree_of("'<<': a\n", pure=pure) == {"<<": "a"}


@PARSERS
def test_what_nothing_is_written_for_is_nothing(pure: bool) -> None:
    built = Built("a:\nb: ''\nc:\n  -\n  - d\n", pure=pure)

    assert [finding.slug for finding in built.findings] == ["nothing-here", "nothing-here"]
    assert built.tree == {"a": None, "b": "", "c": [None, "d"]}


@PARSERS
def test_a_gap_for_a_key_is_no_word(pure: bool) -> None:
    built = Built("a: b\n? \n: c\n", pure=pure)

    assert [finding.slug for finding in built.findings] == ["key"]
    assert built.tree == {"a": "b"}


BLOCK = """\
purposegate: 1
uses:
  - clause: "4(2)"
    data: [name,
           'email']
categories:
  name: {}
  email:
    parent: name
"""


@PARSERS
def test_a_tree_knows_where_its_parts_stood(pure: bool) -> None:
    tree = tree_of(BLOCK, pure=pure)

    assert tree == {
        "purposegate": "1",
        "uses": [{"clause": "4(2)", "data": ["name", "email"]}],
        "categories": {"name": {}, "email": {"parent": "name"}},
    }
    uses, categories = tree["uses"], tree["categories"]
    assert (tree.at, uses.at, uses[0].at, categories.at) == (packed(1, 1), packed(3, 3), packed(3, 5), packed(7, 3))
    assert tree.keys_at == {"purposegate": packed(1, 1), "uses": packed(2, 1), "categories": packed(6, 1)}
    assert tree.values_at == {"purposegate": packed(1, 14), "uses": packed(3, 3), "categories": packed(7, 3)}
    assert uses.items_at == [packed(3, 5)]
    assert uses[0].values_at == {"clause": packed(3, 13), "data": packed(4, 11)}
    assert uses[0]["data"].items_at == [packed(4, 12), packed(5, 12)]
    assert categories.keys_at == {"name": packed(7, 3), "email": packed(8, 3)}


@PARSERS
def test_text_in_quotation_marks_or_in_a_block_is_quoted_and_other_text_is_not(pure: bool) -> None:
    tree = tree_of("a: 1\nb: '1'\nc: \"1\"\nd: |\n  1\ne: >-\n  1\n", pure=pure)

    assert {key: (str(value), isinstance(value, Quoted)) for key, value in tree.items()} == {
        "a": ("1", False),
        "b": ("1", True),
        "c": ("1", True),
        "d": ("1\n", True),
        "e": ("1", True),
    }


@PARSERS
def test_a_key_is_plain_text_however_it_was_typed(pure: bool) -> None:
    tree = tree_of('"a": b\n', pure=pure)

    assert [type(key) for key in (*tree, *tree.keys_at, *tree.values_at)] == [str, str, str]


@PARSERS
def test_each_entry_of_a_section_is_told_when_it_is_complete(pure: bool) -> None:
    built = Built("a: b\nuses:\n  - {c: d}\n  - e\n  - [f]\n  - g\nnames: {h: {i: {j: k}}, l: m}\n", pure=pure)

    assert built.entries == [
        ("uses", 0, {"c": "d"}, packed(3, 5)),
        ("uses", 1, "e", packed(4, 5)),
        ("uses", 2, "g", packed(6, 5)),
        ("names", "h", {"i": {"j": "k"}}, packed(7, 12)),
        ("names", "l", "m", packed(7, 28)),
    ]


@PARSERS
def test_an_entry_is_told_before_what_is_wrong_behind_it(pure: bool) -> None:
    built = Built("uses: [{a: b}, {c: d}, }", pure=pure)

    assert [entry[1:3] for entry in built.entries] == [(0, {"a": "b"}), (1, {"c": "d"})]
    assert [finding.slug for finding in built.findings] == ["not-yaml"]


@PARSERS
def test_what_stands_under_no_section_or_at_the_root_of_a_list_is_no_entry(pure: bool) -> None:
    assert Built("[uses]: [{a: b}]\n", pure=pure).entries == []
    assert Built("- [a]\n- {b: c}\n", pure=pure).entries == []


@PARSERS
def test_levels_are_nested_up_to_the_limit(pure: bool) -> None:
    deep = "{a: " * (NESTING_LIMIT - 1)

    assert NESTING_LIMIT == 32
    assert tree_of(f"{deep}{{}}{'}' * 31}", pure=pure) == tree_of(f"{deep}{{}}{'}' * 31}", pure=not pure)
    [finding] = Built(f"{deep}{{a: []}}{'}' * 31}", pure=pure).findings
    assert (finding.slug, finding.location) == ("nesting", Location("shop.yaml", 1, 32 * 4 + 1))


def dense(items: int, blanks: int = 0) -> str:
    """Write a text of which two letters in three are a bracket, with so many pairs of them."""
    return f"a: [{'{},' * items}{' ' * blanks}]"


@pytest.mark.parametrize(("items", "blanks", "slugs"), [(49_993, 0, []), (49_994, 0, ["too-dense"]), (49_994, 1, [])])
def test_a_text_may_have_fifty_thousand_parts_and_one_more_for_every_three_letters(
    items: int, blanks: int, slugs: list[str]
) -> None:
    """Beside the brackets there are eight: the ends of the file, the document, the mapping and the list, and a key."""
    assert [finding.slug for finding in Built(dense(items, blanks)).findings] == slugs


def test_a_text_of_more_brackets_than_words_is_refused_where_they_become_too_many() -> None:
    built = Built(dense(50_010))

    [finding] = built.findings
    assert built.tree is None
    assert (finding.slug, finding.severity, finding.help) == ("too-dense", Severity.ERROR, None)
    assert finding.message == "the file holds more brackets and commas than words"
    assert finding.location == Location("shop.yaml", 1, len("a: [") + 3 * 50_003 + len("{}"))


@PARSERS
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_count_characters_whatever_ends_the_lines(end: str, pure: bool) -> None:
    built = Built(end.join(["# 個人情報 \U0001f600", "名前: '\U0001f600 é'", "é: {\U0001f600: &x b}", ""]), pure=pure)

    assert built.told() == [
        shown("3:8", "error[anchor] an anchor has no meaning here; write the text out", "é: {\U0001f600: &x b}", "é: {x: ")
    ]
    assert built.tree is not None
    assert built.tree.values_at == {"名前": packed(2, 5), "é": packed(3, 4)}


# What only one of the parsers takes for YAML, or what neither refuses though YAML 1.2 does: the text up to the place, and its rest.
DECEITS: dict[str, tuple[str, str]] = {
    "a question mark in unquoted text": ("a: {b: c", "?d}"),
    "a question mark in unquoted text after others": ("a: ['b?', \"?\", {c: d", "?}]"),
    "a question mark in unquoted text before others": ("a: [b", "?c] # ?d\n"),
    "a question mark on a later line of unquoted text": ("a: {b: c\n  d", "?e}"),
    "a question mark behind a blank": ("a: {b ", "? c}"),
    "a question mark behind unquoted text and line ends": ("a: {b\n\n  ", "? c}"),
    "a colon before a comma": ("a: {b", ":, c: d}"),
    "a colon before a bracket": ("a: {b ", ":[c]}"),
    "a colon before a closing bracket": ("a: [b", ":]"),
    "a colon before a brace": ("a: {b ", ":{c: d}}"),
    "a colon before a closing brace": ("a: {b", ":}"),
    "no key at all": ("a: {", ": b}"),
    "no key after another": ("a: {b: c, ", ": d}"),
    "a tag that a comma ends": ("a: [", "!b, c]"),
    "a tag of other signs": ("a: ", "!b%21 c"),
    "a tag behind an anchor": ("a: [b, ", "&c !d%21 e]"),
    "a tag of other signs in its own brackets": ("a: ", "!<b%21> c"),
    "a tag of a list": ("a: ", "!b%21 [c]"),
    "a comment in a header": ("a: |", "#b\n  c\n"),
    "a comment in a header of another kind": ("a: >-", "#b\n  c\n"),
    "a comment in a header with numbers": ("a: |2+", "#b\n  c\n"),
    "a comment in a header behind an anchor": ("a: &b |", "#c\n  d\n"),
    "a comment in a header behind a tag and an anchor": ("a: !b &c\n  |", "#d\n  e\n"),
    "a comment right behind quotation marks": ('a: "b"', "# c\n"),
    "a comment right behind single quotation marks": ("a: {b: 'c'", "# d\n}"),
    "a comment right behind a bracket": ("a: [b]", "# c\n"),
    "a comment right behind a brace": ("a: {b: {c: d}", "# e\n}"),
    "quoted text that goes on at the margin": ("a: b\nc: 'd\n", "e'"),
    "quoted text that goes on at the margin of its mapping": ("a:\n  b: 'c\n", "  d'"),
    "quoted text that goes on at the margin with what looks like a blank": ("a:\n  b: 'c\n", "  \u00a0d'"),
    "quoted text that goes on at the margin with nothing else": ("a:\n  b: 'c\n", "  \u00a0\n   d'"),
    "quoted text that goes on at the margin in capitals": ("a:\n  b: 'c\n", "  X\n   d'"),
    "quoted text that goes on at the margin with a capital": ("a:\n  b: 'c\n", "  Xd'"),
    "quoted text that goes on left of its mapping": ("a:\n  b: 'c\n", " d'"),
    "quoted text that goes on at the margin of its list": ("a:\n  - 'b\n", "  c'"),
    "quoted text that goes on at the margin around its brackets": ("a:\n  b: [c, {d: 'e\n", "  f'}]"),
    "quoted text that ends at the margin": ('a:\n  b: "c\n    d\n', '  "'),
    "quoted text that goes on at the margin on a line in the middle": ("a:\n  b: 'c\n    d\n\n", "  e\n    f'"),
}


@PARSERS
@pytest.mark.parametrize("name", DECEITS)
def test_what_deceives_a_parser_or_the_eye_is_refused_at_its_place(name: str, pure: bool) -> None:
    before, after = DECEITS[name]

    built = Built(before + after, pure=pure)

    assert built.told() == [refused(before, after)]
    assert built.tree is None


def refused(before: str, after: str) -> str:
    """Word the finding for a text that is no YAML from a place on."""
    line, start = before.count("\n"), before.rfind("\n") + 1
    shown_line = (before + after).splitlines()[line].rstrip()
    return shown(f"{line + 1}:{len(before) - start + 1}", f"error[not-yaml] {NOT_YAML}", shown_line, before[start:], HELP)


SURROGATES: dict[str, tuple[str, str]] = {
    "a surrogate": ('a: "b\\', 'ud800 c"'),
    "a surrogate in capitals": ('a: "b\\', 'uDFFF c"'),
    "a surrogate in eight digits": ('a: "b\\', 'U0000D800 c"'),
    "a surrogate behind other escapes": ('a: "\\\\ud800 \\n \\uD7FF \\\n  \\', 'udc00 c"'),
    "a surrogate in the second of two texts": ('a: ["\\\\ud800", "\\', 'ud800"]'),
}


@pytest.mark.parametrize("name", SURROGATES)
def test_half_of_a_surrogate_pair_is_refused_by_either_parser(name: str) -> None:
    """Libyaml refuses it by itself, one column further on."""
    before, after = SURROGATES[name]

    libyaml, pure = Built(before + after), Built(before + after, pure=True)

    assert pure.told() == [refused(before, after)]
    assert [(each.slug, each.location and each.location.line) for each in libyaml.findings] == [
        ("not-yaml", before.count("\n") + 1)
    ]
    assert libyaml.tree is pure.tree is None


@PARSERS
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b?c", "b?c"),
        ("a: b ? c", "b ? c"),
        ("a: [b, 'c?', \"d?\"]", ["b", "c?", "d?"]),
        ("a: 'b' # ?", "b"),
        ("a: {b: c} # ?", {"b": "c"}),
        ("a: {b : [c]}", {"b": ["c"]}),
        ("a: {'b':[c]}", {"b": ["c"]}),
        ("a: b:c", "b:c"),
        ("a: [b:c]", ["b:c"]),
        ("a: b#c", "b#c"),
        ("a: [b#c] # d", ["b#c"]),
        ("a: | # b\n  c\n", "c\n"),
        ("a: |\n  #b\n", "#b\n"),
        ("a: >-\n  b |#c\n", "b |#c"),
        ("a: 'b |#c'", "b |#c"),
        ("a: '\\ud800'", "\\ud800"),
        ('a: "\\\\ud800"', "\\ud800"),
        ('a: "\\ud7ff"', "\ud7ff"),
        ('a: "b\\\n  c"', "bc"),
        ("a: 'b\n c'", "b c"),
        ("a: 'b\n\n c'", "b\nc"),
        ("a: 'b\n  \n c'", "b\nc"),
        ("a:\n  b: 'c\n   d'", {"b": "c d"}),
        ("a:\n  b: [c, 'd\n   e']", {"b": ["c", "d e"]}),
        ("a:\n  - 'b\n   c'", ["b c"]),
        ("{a: 'b\nc'}", "b c"),
        ("a: &b\n  c", "c"),
    ],
)
def test_what_only_looks_like_it_is_read_as_it_stands(text: str, value: object, pure: bool) -> None:
    built = Built(text, pure=pure)

    assert [finding.slug for finding in built.findings] == ["anchor"] * text.count("&")
    assert built.tree == {"a": value}


@PARSERS
@pytest.mark.parametrize("tag", ["!", "!b", "!!b", "!b:c/d.e_f-9Z", "!<b:c/d.e_f-9Z,>", "&x !b", "&x\n  !b"])
def test_a_tag_that_both_parsers_read_is_told_as_a_tag(tag: str, pure: bool) -> None:
    built = Built(f"a: {tag} c\n", pure=pure)

    assert [finding.slug for finding in built.findings] == ["anchor", "tag"][-1 - tag.count("&") :]
    assert built.tree == {"a": "c"}


@PARSERS
def test_an_escape_may_stand_for_any_text_that_a_file_may_hold(pure: bool) -> None:
    """Only text that is shorter or longer than it was typed can hold what the file does not."""
    assert tree_of(r'a: "\\ \" \n \t \x41 é \U0001f600"', pure=pure) == {"a": '\\ " \n \t A é \U0001f600'}
    assert [finding.slug for finding in Built(r'a: "\e"', pure=pure).findings] == ["control-character"]
    assert tree_of(r"a: '\e'", pure=pure) == {"a": r"\e"}


def test_a_text_that_cannot_be_shown_at_all_is_refused_at_its_beginning() -> None:
    """PyYAML gives no place for a character that it does not read; `decode` refuses such a file before."""
    assert Built("a: \x07").told() == [shown("1:1", f"error[not-yaml] {NOT_YAML}", "a: \ufffd", "", HELP).replace("\ufffd", "\x07")]


def test_the_thousandth_finding_is_kept_and_ends_the_reading() -> None:
    findings = Findings()
    finding = Finding("tab", Severity.ERROR, "no tabs")
    for _ in range(999):
        findings.append(finding)

    with pytest.raises(TooManyFindings):
        findings.append(finding)

    assert FINDINGS_LIMIT == 1000
    assert len(findings) == 1000


def test_a_flood_of_wrong_entries_ends_the_reading_where_it_becomes_too_many() -> None:
    findings, source = Findings(), Source(f"a: [{'b, ' * 2_000}]", "shop.yaml")
    told: list[int] = []

    def complain(section: str, key: str | int, value: object, at: int) -> None:
        told.append(at)
        findings.append(source.finding("wrong-value", "expected a mapping", at))

    with pytest.raises(TooManyFindings):
        read_markup(source, findings, complain)

    assert told == [packed(1, 5 + 3 * number) for number in range(1_000)]


SOURCE = Source("ab\r\nc\u00e9\n\U0001f600\n", "shop.yaml")


@pytest.mark.parametrize(
    ("index", "line", "column"), [(0, 1, 1), (1, 1, 2), (2, 1, 3), (4, 2, 1), (6, 2, 3), (7, 3, 1), (8, 3, 2), (9, 4, 1)]
)
def test_a_character_has_its_line_and_its_column(index: int, line: int, column: int) -> None:
    at = SOURCE.at(index)

    assert at == packed(line, column)
    assert SOURCE.location(at) == Location("shop.yaml", line, column)


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((1, 1), (1, 1)),
        ((1, 3), (1, 3)),
        ((1, 4), (1, 3)),
        ((2, 9), (2, 3)),
        ((4, 1), (4, 1)),
        ((4, 2), (4, 1)),
        ((5, 1), (4, 1)),
        ((9, 9), (4, 1)),
    ],
)
def test_a_place_beyond_the_text_is_moved_to_its_end(place: tuple[int, int], inside: tuple[int, int]) -> None:
    assert SOURCE.within(packed(*place)) == packed(*inside)


def test_a_place_beyond_a_last_line_without_an_end_is_moved_behind_its_last_letter() -> None:
    assert Source("ab\ncd", "shop.yaml").within(packed(3, 1)) == packed(2, 3)


def test_a_line_is_shown_for_its_place_and_the_last_one_for_a_place_beyond() -> None:
    source = Source("ab\ncd", "shop.yaml")

    assert [source.line(number) for number in range(2)] == ["ab", "cd"]
    assert source.excerpt(Location("shop.yaml", 1, 2)) == "  1 | ab\n    |  ^"
    assert source.excerpt(Location("shop.yaml", 2, 1)) == "  2 | cd\n    | ^"
    assert source.excerpt(Location("shop.yaml", 3, 1)) == "  3 | cd\n    | ^"


def test_a_complaint_is_an_error_without_help_unless_it_says_more() -> None:
    at = packed(2, 2)

    assert SOURCE.finding("tab", "no tabs", at) == Finding(
        "tab", Severity.ERROR, "no tabs", Location("shop.yaml", 2, 2), "  2 | c\u00e9\n    |  ^"
    )
    assert SOURCE.finding("tab", "no tabs", at, "write spaces", Severity.NOTE) == Finding(
        "tab", Severity.NOTE, "no tabs", Location("shop.yaml", 2, 2), "  2 | c\u00e9\n    |  ^", "write spaces"
    )


def test_nothing_that_a_terminal_or_a_log_would_obey_comes_out_of_a_file_into_a_finding() -> None:
    finding = SOURCE.finding("tab", "a\nb\r\tc\x1b[2J\u202e\U000e0041", 0, "d\ne\x07")

    assert finding.message == "a\ufffdb\ufffd\ufffdc\ufffd[2J\ufffd\ufffd"
    assert finding.help == "d\ufffde\ufffd"


# Bytes that are no text, or no text for a policy; the whole finding.
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "a byte that begins nothing": (b"a: \xff\n", shown("1:4", "error[not-utf-8] the file is not UTF-8 text", "a: \ufffd", "a: ")),
    "a byte behind others of several bytes": (
        "é: b\r\n名: ".encode() + b"\xe5\x90 x",
        shown("2:4", "error[not-utf-8] the file is not UTF-8 text", "名: \ufffd x", "x: "),
    ),
    "a character that was cut off": (b"a: b\nc\xe5", shown("2:2", "error[not-utf-8] the file is not UTF-8 text", "c\ufffd", "c")),
    "a control character": (
        b"a: b\nc: \x1b[2J\x07\n",
        shown("2:4", "error[control-character] the character U+001B has no place in a policy", "c: \ufffd[2J\ufffd", "c: "),
    ),
    "a control character beyond the first 65,536": (
        "é: \U000e0041".encode(),
        shown("1:4", "error[control-character] the character U+E0041 has no place in a policy", "é: \ufffd", "x: "),
    ),
    "a second byte order mark": (
        "\ufeff\ufeffa: b".encode(),
        shown("1:1", "error[control-character] the character U+FEFF has no place in a policy", "\ufffda: b", ""),
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_text_is_refused_at_its_first_character_that_is_none(name: str) -> None:
    data, expected = UNREADABLE[name]

    text, findings = decode(data, "shop.yaml")

    assert text is None
    assert [str(finding) for finding in findings] == [expected]


def test_text_is_decoded_without_its_byte_order_mark_and_otherwise_as_it_is() -> None:
    assert decode("\ufeffé: b\r\n\t\U0001f600".encode(), "shop.yaml") == ("é: b\r\n\t\U0001f600", [])


def test_a_file_of_sixteen_mebibytes_is_read_and_one_that_is_larger_is_not() -> None:
    largest = b"#" * 16 * 1024 * 1024

    assert len(largest) == SIZE_LIMIT
    assert decode(largest, "shop.yaml")[1] == []
    text, findings = decode(largest + b"#", "shop.yaml")
    assert text is None
    assert [str(finding) for finding in findings] == ["shop.yaml:1:1: error[too-large] the file is larger than 16 MiB"]


TREE = """uses:
  - clause: 1
    data: [name, email]
    except: {data: [age]}
  - {clause: 2}
names:
  a: b
"""


@pytest.mark.parametrize(
    ("path", "of_key", "place"),
    [
        ((), False, (9, 9)),
        (("uses",), True, (1, 1)),
        (("uses",), False, (2, 3)),
        (("uses", 0), False, (2, 5)),
        (("uses", 0, "clause"), True, (2, 5)),
        (("uses", 0, "clause"), False, (2, 13)),
        (("uses", 0, "data"), False, (3, 11)),
        (("uses", 0, "data", 1), False, (3, 18)),
        (("uses", 0, "data", 1), True, (3, 18)),
        (("uses", 0, "except", "data", 0), False, (4, 21)),
        (("uses", 0, "except", "data"), True, (4, 14)),
        (("uses", 1, "clause"), False, (5, 14)),
        (("names", "a"), True, (7, 3)),
        (("names", "a"), False, (7, 6)),
        # What the tree does not hold is passed over, wherever it stands in the path.
        (("uses", 0, "data", "list", 1), False, (3, 18)),
        (("nothing", "uses", "nothing", 0, "nothing"), False, (2, 5)),
        (("uses", 2), False, (2, 3)),
        (("uses", 9, 1, "clause"), False, (5, 14)),
        ((0, "names", 0, "a"), False, (7, 6)),
        (("uses", "0"), False, (2, 3)),
        (("names", "a", "b", 0), False, (7, 6)),
    ],
)
def test_a_path_is_followed_to_its_place_through_lists_and_mappings(
    path: tuple[str | int, ...], of_key: bool, place: tuple[int, int]
) -> None:
    assert position(path, tree_of(TREE), packed(9, 9), of_key=of_key) == packed(*place)


def test_a_path_into_what_is_no_tree_stays_where_it_began() -> None:
    assert position(("a", 0), {"a": ["b"]}, packed(9, 9), of_key=False) == packed(9, 9)
    assert position(("a", 0), "b", packed(9, 9), of_key=True) == packed(9, 9)


def test_a_mapping_and_a_list_begin_empty_at_their_place() -> None:
    mapping, items = Map(packed(2, 3)), Seq(packed(4, 5))

    assert (mapping, mapping.at, mapping.keys_at, mapping.values_at) == ({}, packed(2, 3), {}, {})
    assert (items, items.at, items.items_at) == ([], packed(4, 5), [])


@PARSERS
def test_a_value_without_a_key_inside_brackets_is_refused_where_its_key_is_missing(pure: bool) -> None:
    reading = read(b"purposegate: 1\npolicy: {!!str : a}\n", "policy.yaml", pure=pure)

    assert [(finding.slug, finding.location) for finding in reading.findings] == [("not-yaml", Location("policy.yaml", 2, 10))]
