"""`lint --fix` changes no decision, keeps comments and layout, and never leaves half a file."""

from __future__ import annotations

import stat
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from builders import PROSE, a_context, a_folder, a_use_clause, an_objection
from hypothesis import given
from hypothesis import strategies as st
from mutations import as_block
from strategies import documents

from purposegate import Engine, PolicyError, PurposegateError, Reason, Use
from purposegate.policy.loader import load
from purposegate.tools.fixing import fix, write
from purposegate.tools.lint import lint

HEAD = """\
purposegate: 1  # the format
policy: {id: shop, title: Privacy policy, controller: shop, revision: "1", contact: the shop, prose: shop.txt}
categories:
  contact: {}
  email_address: {parent: contact}
purposes: {shipping: {}}
recipients: {shop: {role: controller}}
channels: {}
conditions: {}
uses:
"""
TAIL = """\
unenforced: [{clause: "9", quote: We may amend this policy., why: people send it}]
"""
RULE = '{clause: "1", quote: ship parcels, data: [contact], purposes: [shipping], conditions: []}'
IN_LINES = """\
  - clause: "1"
    quote: ship parcels

    data:
      - contact  # all
      - email_address
    purposes: [shipping]
    conditions: []

"""


def mended(folder: Path, before: str) -> tuple[str, list[str]]:
    """Fix a policy with some text among its use clauses; give that text as it is then, and the slugs of what was mended."""
    path = folder / "shop.yaml"
    path.write_bytes(f"{HEAD}{before}{TAIL}".encode())
    (folder / "shop.txt").write_text(PROSE)
    fixed = fix(path)
    write(fixed)
    after = path.read_bytes().decode()
    assert after.startswith(HEAD)
    assert after.endswith(TAIL)
    return after.removeprefix(HEAD).removesuffix(TAIL), [finding.slug for finding in fixed.mended]


@pytest.mark.parametrize(
    ("before", "after", "slugs"),
    [
        (f"  - {RULE}\n", f"  - {RULE}\n", []),
        (f"  - {RULE}\n  - {RULE}\n", f"  - {RULE}\n", ["identical-rule"]),
        (f"  - {RULE}\n  # why\n  - {RULE}\n\n", f"  - {RULE}\n  # why\n\n", ["identical-rule"]),
        (f"  - {RULE}\n  - {RULE}  # why\n", f"  - {RULE}\n  - {RULE}  # why\n", []),
        (f"  - {RULE}\n{IN_LINES.replace('  # all', '')}", f"  - {RULE}\n\n", ["covered-name", "identical-rule"]),
        (
            f"  - {RULE.replace('[contact]', '[contact, email_address]')}  # kept\n",
            f"  - {RULE.replace('[contact]', '[contact]')}  # kept\n",
            ["covered-name"],
        ),
        (
            f"  - {RULE.replace('[contact]', '[ email_address , contact ]')}\n",
            f"  - {RULE.replace('[contact]', '[ contact ]')}\n",
            ["covered-name"],
        ),
        (
            f"  - {RULE.replace('[contact]', '[contact, contact, contact]')}\n",
            f"  - {RULE}\n",
            ["repeated-name", "repeated-name"],
        ),
        (
            f"  - {RULE.replace('[contact]', '[contact,  # this' + chr(10) + '      contact]')}\n",
            f"  - {RULE.replace('[contact]', '[contact,  # this' + chr(10) + '      contact]')}\n",
            [],
        ),
        (IN_LINES, IN_LINES.replace("      - email_address\n", ""), ["covered-name"]),
        (
            f"  # purposegate: ignore[shadowed-rule] later\n  - {RULE}  # purposegate: ignore[idle-rule] later\n",
            f"  - {RULE}\n",
            ["idle-ignore", "idle-ignore"],
        ),
        (f"  - {RULE}\r\n  - {RULE}\r\n", f"  - {RULE}\r\n", ["identical-rule"]),
    ],
)
def test_what_says_nothing_is_struck_out_and_all_else_stays_as_it_was_typed(
    before: str, after: str, slugs: list[str], tmp_path: Path
) -> None:
    assert mended(tmp_path, before) == (after, slugs)


@st.composite
def repetitive(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a policy in which rules and names stand twice."""
    document = deepcopy(draw(documents()))
    for section in ("uses", "provisions", "exceptions"):
        for entry in document[section]:
            for key in ("data", "purposes", "recipients", "channels", "conditions"):
                if isinstance(entry.get(key), list) and entry[key] and draw(st.booleans()):
                    entry[key] = [*entry[key], draw(st.sampled_from(entry[key]))]
        if document[section] and draw(st.booleans()):
            document[section].append(deepcopy(draw(st.sampled_from(document[section]))))
    return document


@given(repetitive(), st.booleans())
def test_no_decision_is_another_one_afterwards(document: dict[str, Any], block: bool) -> None:
    with TemporaryDirectory() as folder:
        path = a_folder(Path(folder), document, prose="x")
        if block:
            path.write_text(as_block(document))
        before = verdicts(Engine(load(path)), document)
        fixed = fix(path)
        write(fixed)
        after = verdicts(Engine(load(path)), document)
        left = {finding.slug for finding in lint(path)}

    assert after == before
    assert not block or left.isdisjoint({"covered-name", "covered-parent", "identical-rule"})


def verdicts(
    engine: Engine, document: dict[str, Any]
) -> dict[Use, list[tuple[Reason, frozenset[str], frozenset[str], frozenset[str]]]]:
    """Decide every use in every context of one condition or objection, or none."""
    contexts = [
        a_context(*known)
        for known in ((), (["consent", "claimed", "true_fact"],), *((["claimed"], [name]) for name in document["objections"]))
    ]
    recipients = [each for name in document["recipients"] for each in (name, f"{name}/x1")]
    return {
        use: [
            (decided.reason, frozenset(decided.unmet), frozenset(decided.channels), frozenset(decided.objections))
            for context in contexts
            for decided in [engine.decide(use, context)]
        ]
        for category in document["categories"]
        for purpose in document["purposes"]
        for recipient in recipients
        for channel in (None, "post")
        for use in [Use(category, purpose, recipient, None, channel)]
    }


def test_a_policy_with_errors_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    (tmp_path / "shop.txt").write_text(PROSE)
    path.write_text(f"{HEAD}  - {RULE.replace('[contact]', '[contact, contact, contcat]')}\n{TAIL}")

    with pytest.raises(PolicyError) as raised:
        fix(path)

    assert [finding.slug for finding in raised.value.findings] == ["undeclared-name"]


def test_the_file_keeps_its_mark_its_mode_and_the_link_that_leads_to_it(tmp_path: Path) -> None:
    text = f"{HEAD}  - {RULE}\n  - {RULE}\n{TAIL}"
    path, link = tmp_path / "shop.yaml", tmp_path / "link.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    path.chmod(0o600)
    link.symlink_to(path)
    (tmp_path / "shop.txt").write_text(PROSE)

    write(fix(link))

    assert path.read_bytes() == b"\xef\xbb\xbf" + f"{HEAD}  - {RULE}\n{TAIL}".encode()
    assert (link.is_symlink(), stat.S_IMODE(path.stat().st_mode)) == (True, 0o600)


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    mended(tmp_path, f"  - {RULE}\n")
    path = tmp_path / "shop.yaml"
    path.write_text(f"{HEAD}  - {RULE}\n  - {RULE}\n{TAIL}")
    fixed = fix(path)
    path.unlink()

    with pytest.raises(PurposegateError, match="the policy was not written: it is no longer there"):
        write(fixed)

    assert [each.name for each in tmp_path.iterdir()] == ["shop.txt"]


def test_the_end_of_an_item_of_several_words_is_not_left_to_the_item_before_it(tmp_path: Path) -> None:
    """Struck out as far as its first word, `4 A` would make another `4 A` of the `4` before it, and `4` would be exempt no more."""
    exempting = an_objection(exempt=["4 A", "4", "4 A"])
    path = a_folder(tmp_path, uses=[a_use_clause(clause="4 A"), a_use_clause(clause="4")], objections={"stop": exempting})
    typed = path.read_text().replace('["4 A", "4", "4 A"]', "[4 A, 4, 4 A]")
    path.write_text(typed)

    fixed = fix(path)

    assert (fixed.after, fixed.mended) == (typed, ())
