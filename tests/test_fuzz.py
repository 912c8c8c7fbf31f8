"""Whatever is fed to the reader, it answers; and it grants nothing that the text does not state. The long profile asks for more."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from builders import SHIPPED, a_document, a_provision, a_use_clause, an_objection, as_yaml
from fuzzing import LAWS, PATH, Case, Law, broken, stated
from hostile import HEAD
from hypothesis import example, given
from hypothesis import strategies as st
from mutations import MUTATIONS, as_block, chance, spoilt, spoilt_bytes, written
from strategies import documents

from purposegate import Finding, Location, Severity
from purposegate.policy.reader import Reading, read

FULL = a_document(
    policy={"effective": "2020-03-09"},
    categories={"contact": {}, "email_address": {"parent": "contact", "quote": "email address"}, "name": {"parent": ["contact"]}},
    purposes={"shipping": {}, "returns": {"parent": "shipping", "clause": "1"}},
    recipients={
        "shop": {"role": "controller"},
        "carrier": {"role": "third_party"},
        "courier": {"parent": "carrier"},
        "printer": {"role": "processor"},
    },
    channels={"post": {}, "web": {"reading": "our own site"}},
    conditions={"consent": {"shown_by": "consent"}, "contract": {"shown_by": "agreement", "clause": "5"}},
    uses=[a_use_clause(data=["contact"]), a_use_clause(clause="1(2)", data="any", purposes="any", provision_only=True)],
    provisions=[
        a_provision(channels=["post"], conditions=["consent"], **{"except": {"data": ["name"], "recipients": ["courier"]}}),
        a_provision(clause="5", recipients=["printer"], data="any", conditions=["contract"]),
    ],
    exceptions=[a_provision(clause="4(2)", purposes="any", recipients="any", conditions=["consent", "contract"])],
    objections={"stop": an_objection(exempt=["4(2)"], data=["email_address"])},
    amendments={"clause": "9", "quote": "amend this policy", "window": "P7D", "silence": "accepts", "time_zone": "Asia/Tokyo"},
    never=[{"data": ["name"], "purposes": "any", "recipients": ["courier"], "unless": ["consent"]}],
    unenforced=[{"clause": "9", "quote": "We may amend this policy", "why": "nobody can"}],
)
SEEDS = {
    "shipped": SHIPPED.read_text(),
    "small, as people write": as_block(a_document()),
    "full, as people write": as_block(FULL),
    "full, as JSON": as_yaml(FULL).decode(),
    "full, as JSON in lines": json.dumps(FULL, indent=2),
    "full, in one pair of brackets each": "\n".join(f"{section}: {json.dumps(part)}" for section, part in FULL.items()),
}
texts = st.one_of(
    st.sampled_from(list(SEEDS.values())),
    st.builds(written, st.sampled_from([FULL, a_document()]), st.randoms(use_true_random=False)),
    st.builds(written, documents(), st.randoms(use_true_random=False)),
)
SEED_NUMBERS = st.integers(0, 2**63)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@given(st.one_of(documents(), st.just(FULL)), SEED_NUMBERS)
def test_a_policy_reads_the_same_however_it_is_written(document: dict[str, Any], seed: int) -> None:
    """Block or brackets, any quotation marks, comments everywhere: it is accepted, and what was written is what is stated."""
    data = encoded(written(document, chance(seed)))

    assert read(data, PATH).findings == ()
    assert broken(data) == []
    assert stated(data.decode()) == stated(json.dumps(document))


@given(texts, SEED_NUMBERS)
def test_a_spoilt_policy_keeps_every_law(text: str, seed: int) -> None:
    random = chance(seed)

    assert broken(spoilt_bytes(encoded(spoilt(text, random)), random)) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[each.__name__ for each in MUTATIONS])
def test_a_policy_spoilt_in_one_way_keeps_every_law(mutation: Any) -> None:
    """Each way in turn, on each seed but the long one, so that none is left to chance."""
    for seed, (name, text) in enumerate(SEEDS.items()):
        if name != "shipped":
            assert broken(encoded(mutation(text, chance(seed)))) == [], name


@pytest.mark.parametrize("name", [name for name in SEEDS if name != "shipped"])
def test_a_policy_cut_off_anywhere_keeps_every_law(name: str) -> None:
    """What is left of it may be a policy still, and then grants what is left."""
    data = encoded(SEEDS[name])

    assert [(end, wrong) for end in range(0, len(data), 13) for wrong in broken(data[:end])] == []


@given(st.binary(max_size=200))
@example(b"a: 'x\n")
@example(b"{a: b, c: [d}")
@example(b"\xef\xbb\xbf\xef\xbb\xbf")
def test_any_bytes_keep_every_law(data: bytes) -> None:
    assert broken(data) == []
    assert read(data, PATH).policy is None


@given(st.text(alphabet="ab:,-?[]{}#&*!|>'\"%@` \n\r\\", max_size=30))
def test_any_row_of_yamls_own_signs_keeps_every_law(text: str) -> None:
    assert broken(encoded(HEAD + "channels: " + text)) == []


ANYTHING = "{clause: 1, quote: x, data: any, purposes: any, conditions: []}"
EXEMPTING = "{clause: 6, quote: x, data: any, purposes: any, recipients: any, exempt: []}"
REFUSED: dict[str, tuple[str, list[tuple[str, int]]]] = {
    # An escape of a character beyond Unicode raised OverflowError in the pure parser, one just beyond it lost its place.
    "an escape far beyond Unicode": (r'channels: {post: {reading: "\UFFFFFFFF"}}', [("not-yaml", 4)]),
    "an escape just beyond Unicode": (r'channels: {post: {reading: "\U00110000"}}', [("not-yaml", 4)]),
    "half of a surrogate pair": (r'channels: {post: {reading: "\ud83d\ude00"}}', [("not-yaml", 4)]),
    "half of a surrogate pair after an escaped backslash": (
        'channels: {post: {reading: "\\\\ud800\n \\ud800"}}',
        [("not-yaml", 5)],
    ),
    # The parsers accept these by themselves, or end them elsewhere.
    "a comment in a header without a blank": ("channels:\n  post:\n    reading: |#x\n      y", [("not-yaml", 6)]),
    "a comment in a folding header without a blank": ("channels:\n  post:\n    reading: >-#x\n      y", [("not-yaml", 6)]),
    "a colon at its bracket after a blank": ("channels: {post :{reading: x}}", [("not-yaml", 4)]),
    "a colon at its bracket on another line": ("channels: {post: {reading\n  :[x]}}", [("not-yaml", 5)]),
    "a colon at its closing bracket": ("channels: {post:}", [("not-yaml", 4)]),
    "a question mark on a later line": ("channels: {post: {reading: a\n  b\n  c?d}}", [("not-yaml", 6)]),
    "a question mark after a blank": ("channels: {post ? reading: x}", [("not-yaml", 4)]),
    "a tag that a bracket ends": ("never: [!a]", [("not-yaml", 4)]),
    "a tag that a comma ends": ("never: [!a, b]", [("not-yaml", 4)]),
    "a tag that only one parser ends": ("never: !:! []", [("not-yaml", 4)]),
    # What is left out inside brackets is a gap, not a mistake in the brackets.
    "a gap in brackets": ("channels: {post: {reading: }}", [("nothing-here", 4)]),
    "a gap before a comma": ("channels: {post: , web: {}}", [("nothing-here", 4)]),
    "a gap before a comment": ("channels: {post: # {}\n}", [("nothing-here", 4)]),
    # libyaml ends the last line by itself, and then tells of the line after it.
    "an end in the middle": ("never: [", [("not-yaml", 4)]),
    "an end in a key": ("never", [("not-yaml", 4)]),
    # To most programs that show a file, what follows is the rest of the comment.
    "a rule behind a carriage return": (
        f"categories: {{name: {{}}}}\npurposes: {{p: {{}}}}\n# none \ruses: [{ANYTHING}]",
        [("line-end", 6)],
    ),
    "a directive behind a carriage return": ("# x\r%YAML 1.3\r---\r", [("line-end", 4)]),
    # PyYAML reads what YAML 1.2 refuses: to the eye, the exception and the `never` are in force.
    "an exception inside quoted text": (
        'channels:\n  post:\n    reading: "as said\n    except: {data: [name]}\n    "',
        [("not-yaml", 7)],
    ),
    "a section inside quoted text": (
        "questions: [{clause: 1, quote: x, question: 'what of\n\nnever:\n  - {data: any}\n'}]",
        [("not-yaml", 6)],
    ),
    "a comment right after a bracket": ("channels: {post: {}}#, web: {}}", [("not-yaml", 4)]),
    "a comment right after quoted text": ('channels: {post: {reading: "x"#}}\n}}', [("not-yaml", 4)]),
    # Names that mean something else to the reader of a rule.
    "a name that says everything": ("categories: {any: {}}", [("malformed-name", 4)]),
    "a window in the digits of another script": (
        "amendments: {clause: 1, quote: q, window: P1\u06f0D, silence: never, time_zone: UTC}",
        [("wrong-value", 4)],
    ),
    # Escaped, a control character is text; a finding must not obey it.
    "a key that clears the screen": (r'"\e[2Jx": 1', [("control-character", 4), ("unknown-key", 4)]),
    "a key that forges a line of findings": (r'"x\nshop.yaml:1:1: error[x] y": 1', [("unknown-key", 4)]),
    "a ring of names that forge lines": (
        r'categories: {"a\nb": {parent: "a\nb"}}',
        [("malformed-name", 4), ("cycle", 4)],
    ),
    "a name whose suggestion forges a line": (
        r'categories: {"names\n": {}}' + f"\nuses: [{ANYTHING.replace('any', '[names]', 1)}]",
        [("malformed-name", 4), ("undeclared-name", 5)],
    ),
    "a clause whose suggestion forges a line": (
        f"uses: [{ANYTHING}]\nobjections: {{o: {EXEMPTING}}}".replace("clause: 1", r'clause: "4(2)\n"', 1).replace(
            "[]}}", "[4(2)]}}"
        ),
        [("wrong-value", 4), ("unknown-clause", 5)],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_was_found_by_fuzzing_and_stays_refused(name: str) -> None:
    text, expected = REFUSED[name]
    data = encoded(HEAD + text)

    assert broken(data) == []
    for reading in Case.of(data).readings:
        assert [(each.slug, each.location.line) for each in reading.findings if each.location] == expected


@pytest.mark.parametrize(
    "text",
    [
        "channels: {post: {reading: a:b}}",
        "channels: {post: {reading: 'a\n b'}}",
        'channels:\n  post:\n    reading: "a\n\n\n     b" # c',
        "channels:\n  post:\n    reading: a? b :{c} !d, e |#f",
    ],
)
def test_text_that_only_looks_like_it_stays_text(text: str) -> None:
    data = encoded(HEAD + text)

    assert broken(data) == []
    assert read(data, PATH).findings == ()


def test_clauses_that_are_alike_cost_no_more_than_others() -> None:
    """Every exemption was compared with a hundred clauses, letter by letter: 23 seconds for 190 KB."""
    alphabet, random = "abcdefgh", chance(1)
    clauses = ["".join(random.choice(alphabet) for _ in range(60)) for _ in range(1_998)]
    rules = "".join(f"  - {ANYTHING.replace('clause: 1', f'clause: {each}')}\n" for each in clauses[:999])
    listed = f"[{', '.join(clauses[999:])}]"
    exempt = f"objections: {{o: {EXEMPTING.replace('[]', listed)}}}"

    started = time.process_time()
    reading = read(encoded(f"{HEAD}uses:\n{rules}{exempt}\n"), PATH)

    assert len(reading.findings) == 999
    assert time.process_time() - started < 5


def test_where_there_are_too_many_findings_the_last_says_how_far_the_reading_came() -> None:
    findings = read(encoded(HEAD + f"channels: {{{', '.join(f'K{number}: {{}}' for number in range(2_000))}}}"), PATH).findings

    assert findings[-1].slug == "too-many"
    assert findings[-1].location == findings[-2].location


WIDE = a_document(conditions={"consent": {"shown_by": "consent"}}, provisions=[a_provision(recipients="any")])
NARROW = WIDE | {"provisions": [a_provision(recipients="any", conditions=["consent"])]}
FORBIDDEN = WIDE | {"never": [{"data": "any", "purposes": "any", "recipients": ["carrier"], "unless": []}]}
MISSPELT = WIDE | {"provisions": [a_provision(recipients="any", excpet={"data": ["email_address"]})]}


def _a_case(data: dict[str, Any] = WIDE, **parts: Any) -> Case:
    """Give a reader's answer to one policy as if it had been asked for another."""
    answer = Case.of(as_yaml(WIDE))
    return replace(answer, data=as_yaml(data), **parts)


def _a_refusal(message: str = "no", line: int = 1) -> Reading:
    return Reading(None, (Finding("no", Severity.ERROR, message, Location(PATH, line, 1)),))


BREAKING: dict[str, Case] = {
    "reading_ends_soon": _a_case(seconds=60.0),
    "a_refusal_says_why": _a_case(libyaml=Reading(None, ())),
    "a_finding_has_its_place_in_the_file": _a_case(libyaml=_a_refusal(line=2)),
    "a_finding_can_be_shown": _a_case(libyaml=_a_refusal("\x1b[2J")),
    "either_parser_accepts_and_complains_alike": _a_case(pure=_a_refusal()),
    "either_parser_means_the_same": _a_case(pure=read(as_yaml(NARROW), PATH)),
    "what_is_accepted_is_stated": _a_case(MISSPELT),
    "what_is_permitted_is_stated": _a_case(NARROW),
    "what_may_never_be_is_not_permitted": _a_case(FORBIDDEN),
}


@pytest.mark.parametrize("law", LAWS, ids=[law.__name__ for law in LAWS])
def test_the_law_catches_a_reader_that_breaks_it(law: Law) -> None:
    """A law that cannot fail proves nothing."""
    assert list(law(BREAKING[law.__name__])) != []
    assert list(law(_a_case())) == []


def test_of_the_spoilt_policies_enough_are_still_policies() -> None:
    """Laws on what is accepted, tried on refusals only, would hold of any reader."""
    random = chance(0)
    spoilt_ones = [encoded(spoilt(text, random, most=2)) for text in SEEDS.values() for _ in range(50)]
    accepted = sum(read(data, PATH).policy is not None for data in spoilt_ones)

    assert len(spoilt_ones) / 10 < accepted < len(spoilt_ones) * 9 / 10
