"""The language server as an editor starts it: a process of its own, told over the standard streams what is typed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from editor import Editor, without_mark
from lsprotocol import types

PROSE = """1. Uses
We use your email address
to ship parcels. We use your name to ship parcels.

2. Others
We give your address to the carrier, with your consent also your name.
"""
POLICY = """purposegate: 1
policy: {id: shop, title: Shop, controller: shop, revision: "1", contact: the shop, prose: shop.txt}
categories:
  contact_data: {}
  email_address: {parent: contact_data, clause: "1", quote: email address}
  name: {parent: contact_data, clause: "1", quote: your name}
purposes:
  shipping: {clause: "1", quote: ship parcels}
  raffle: {} # purposegate: ignore[idle-purpose] launches in May
recipients:
  shop: {role: controller}
  carrier: {role: third_party}
channels:
  post: {}
conditions:
  consent: {clause: "2", quote: your consent, shown_by: consent}
uses:
  - {clause: "1", quote: We use your email address to ship parcels, data: [contact_data], purposes: [shipping], conditions: []}
provisions:
  - clause: "2"
    quote: We give your address to the carrier
    data: [email_address]
    purposes: [shipping]
    recipients: [carrier]
    channels: [post]
    conditions: []
exceptions:
  - {clause: "2", quote: your consent, data: [name], purposes: any, recipients: [carrier], channels: any, conditions: [consent]}
objections:
  no_parcels: {clause: "2", quote: your consent, data: any, purposes: any, recipients: any, exempt: []}
"""


class Shop(NamedTuple):
    """A project with its policy, whose prose is saved."""

    editor: Editor
    root: Path
    policy: Path

    def typed(self, text: str) -> types.Position:
        """Have the policy opened with a text in which `|` marks the cursor."""
        plain, position = without_mark(text)
        self.editor.open(self.policy, plain)
        return position

    def offered(self, text: str) -> list[str]:
        """Give what is offered at the `|` of a policy."""
        return self.editor.offered(self.policy, self.typed(text))

    def code(self, text: str) -> tuple[Path, types.Position]:
        """Have a Python file opened with a text in which `|` marks the cursor."""
        plain, position = without_mark(text)
        path = self.root / "service.py"
        self.editor.open(path, plain)
        return path, position

    def offered_in_code(self, text: str) -> list[str]:
        """Give what is offered at the `|` of a Python file."""
        return self.editor.offered(*self.code(text))


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with asyncio.Runner() as runner:
        session = Editor(runner)
        yield session
        assert session.leave() == 0


@pytest.fixture
def shop(editor: Editor, tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "pyproject.toml").write_text('[tool.purposegate]\npolicy = "shop.yaml"\n')
    (tmp_path / "shop.txt").write_text(PROSE)
    policy = tmp_path / "shop.yaml"
    policy.write_text(POLICY)
    before = len(editor.log)
    yield Shop(editor, tmp_path, policy)
    assert editor.log[before:] == []


def test_it_says_what_it_can_do(editor: Editor) -> None:
    told = editor.answer.capabilities

    assert editor.answer.server_info is not None
    assert editor.answer.server_info.name == "purposegate"
    assert told.text_document_sync is not None
    assert (told.hover_provider, told.definition_provider) == (True, True)
    assert told.completion_provider is not None
    assert told.completion_provider.trigger_characters == ("[", "{", ",", " ", '"', "'")


def test_a_policy_in_order_has_no_diagnostics(shop: Shop) -> None:
    assert shop.editor.open(shop.policy, POLICY) == []


def test_a_policy_is_looked_at_as_it_is_typed_and_not_as_it_was_saved(shop: Shop) -> None:
    shop.editor.open(shop.policy, POLICY)

    (found,) = shop.editor.type(shop.policy, POLICY.replace("data: [email_address]", "data: [email_adress]"))

    assert (found.code, found.severity, found.source) == ("undeclared-name", types.DiagnosticSeverity.Error, "purposegate")
    assert found.message.endswith("help: did you mean `email_address`?")
    assert found.range == types.Range(types.Position(21, 11), types.Position(21, 23))


def test_what_lint_finds_is_a_warning(shop: Shop) -> None:
    found = shop.editor.open(shop.policy, POLICY.replace("quote: your name}", "quote: your consent}"))

    assert [(each.code, each.severity) for each in found] == [("quote-outside-clause", types.DiagnosticSeverity.Warning)]


def test_what_is_no_policy_is_left_alone(shop: Shop) -> None:
    other = shop.root / "compose.yaml"
    shop.editor.open(shop.policy, POLICY)

    position = types.Position(0, 3)
    shop.editor.client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(other.as_uri(), "yaml", 0, "services: {web: {}}\n"))
    )

    assert shop.editor.hover(other, position) is None
    assert shop.editor.offered(other, position) == []
    assert other.as_uri() not in shop.editor.diagnostics


def test_what_there_was_to_say_goes_when_a_file_is_closed(shop: Shop) -> None:
    assert shop.editor.open(shop.policy, "purposegate: 2\n") != []

    assert shop.editor.close(shop.policy) == []


def test_a_policy_is_looked_at_again_when_its_prose_is_saved(shop: Shop) -> None:
    assert shop.editor.open(shop.policy, POLICY) == []
    (shop.root / "shop.txt").write_text(PROSE.replace("your name", "your full name"))

    found = shop.editor.save(shop.root / "shop.txt", wait_for=shop.policy)

    assert [each.code for each in found] == ["quote-not-in-prose"]


def test_a_broken_policy_goes_on_with_its_last_good_state_until_it_is_mended(shop: Shop) -> None:
    shop.editor.open(shop.policy, POLICY)
    broken, position = without_mark(POLICY.replace("data: [email_address]", "data: [email_|"))

    (found,) = shop.editor.type(shop.policy, broken)

    assert found.code == "not-yaml"
    assert shop.editor.offered(shop.policy, position) == ["contact_data", "email_address", "name"]
    assert "Lies under `contact_data`." in shop.editor.hovered(shop.policy, types.Position(4, 6))
    assert shop.editor.type(shop.policy, POLICY) == []


def test_a_name_in_a_policy_is_told_with_its_clauses_and_what_the_judge_permits(shop: Shop) -> None:
    position = shop.typed(POLICY.replace("data: [email_address]", "data: [email_|address]"))

    found = shop.editor.hover(shop.policy, position)

    assert found is not None
    assert found.contents == types.MarkupContent(
        types.MarkupKind.Markdown,
        """**`email_address`**: data category of `shop`, revision 1

- Clause 1: “email address”
- Lies under `contact_data`.
- Clause 2: “We give your address to the carrier”

Who may use it:

- `shop` for `shipping`
- `carrier` for `shipping`""",
    )
    assert found.range == types.Range(types.Position(21, 11), types.Position(21, 24))


def test_what_is_permitted_once_conditions_are_shown_is_told_apart(shop: Shop) -> None:
    said = shop.editor.hovered(shop.policy, shop.typed(POLICY.replace("  name: {", "  na|me: {")))

    assert said.split("\n\n")[2:] == [
        "Who may use it:",
        "- `shop` for `shipping`",
        "Who may use it once conditions are shown:",
        "- `carrier` for `shipping`",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "  shipping: {clause",
            "  ship|ping: {clause",
            "Who may use what for it:\n\n- `shop`: `contact_data`\n- `carrier`: `email_address`",
        ),
        ("  carrier: {role", "  carr|ier: {role", "It may receive:\n\n- `shipping`: `email_address`"),
        ("  shop: {role", "  sh|op: {role", "It may use:\n\n- `shipping`: `contact_data`"),
        ("[post]", "[po|st]", "**`post`**: channel of `shop`, revision 1\n\n- As the policy"),
        ("[consent]", "[con|sent]", "- Shown by a consent of the person."),
        ("no_parcels:", "no_|parcels:", "objection of `shop`, revision 1\n\n- Clause 2: “your consent”"),
        ("shown_by:", "shown|_by:", "Who can establish it."),
        ('  - clause: "2"', '  - clause: "|2"', "What cites clause 2:\n\n- provisions: “We give your address to the carrier”"),
        ("quote: ship", "quote: sh|ip", "Published in `shop.txt`, line 3."),
        ("ignore[idle-", "ignore[id|le-", "**idle-purpose** (warning)\n\nFlag a purpose that"),
    ],
)
def test_each_kind_of_word_in_a_policy_is_told_of(shop: Shop, before: str, after: str, said: str) -> None:
    assert said in shop.editor.hovered(shop.policy, shop.typed(POLICY.replace(before, after, 1)))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("categories:\n  a: {}\n  b: {parent: |}\n", ["a"]),
        ("categories:\n  a: {}\n  c: {}\n  b:\n    parent:\n      - a\n      - |\n", ["c"]),
        ("purposes:\n  a: {}\n  b:\n    parent: |\n", ["a"]),
        ("recipients: {a: {role: |", ["controller", "processor", "joint_user", "third_party", "data_subject"]),
        ("conditions: {a: {shown_by: |", ["consent", "claim", "agreement", "fact"]),
        ("recipients:\n  me: {role: controller}\npolicy:\n  controller: |\n", ["me"]),
        ("categories: {a: {}}\nuses:\n- data: |\n", ["a", "any"]),
        ("categories: {a: {}, b: {}}\nuses:\n- {data: [b, |\n- {}\n", ["a"]),
        ("purposes: {a: {}}\nuses:\n- purposes: [|\n", ["a"]),
        ("recipients: {a: {}}\nprovisions:\n- recipients: [|]\n", ["a"]),
        ("channels: {a: {}}\nprovisions:\n- {channels: |}\n", ["a", "any"]),
        ("conditions: {a: {}}\nexceptions:\n  - conditions:\n    - |", ["a"]),
        ("conditions: {a: {}}\nnever:\n  - unless: [|", ["a"]),
        ("categories: {a: {}}\nuses:\n- except: {data: [|\n", ["a"]),
        ("uses: [{clause: '7'}]\nobjections: {a: {exempt: [|", ["7"]),
        ("amendments:\n  silence: |", ["accepts", "never"]),
        ("uses:\n- provision_only: |", ["true", "false"]),
        ("uses:\n- clause: '1'\n  |\n  data: any\n", ["quote", "purposes", "conditions", "reading", "except", "provision_only"]),
        ("categories:\n  a: {clause: '1', |", ["parent", "quote", "reading"]),
        ("categories:\n  |", []),
        ("categories:\n  a: {quote: |", []),
        ("categories: {a: {}}\n# data: [|", []),
    ],
)
def test_a_policy_is_completed_by_the_key_that_the_cursor_is_under(shop: Shop, typed: str, offered: list[str]) -> None:
    assert shop.offered(f"purposegate: 1\n{typed}") == offered


def test_a_completion_takes_the_place_of_the_word_around_the_cursor(shop: Shop) -> None:
    position = shop.typed(POLICY.replace("data: [email_address]", "data: [em|ail]"))

    (_, found, _) = shop.editor.completions(shop.policy, position)

    assert found.text_edit == types.TextEdit(types.Range(types.Position(21, 11), types.Position(21, 16)), "email_address")
    assert found.detail == "Clause 1: “email address”"


def test_a_name_in_a_policy_leads_to_its_declaration(shop: Shop) -> None:
    position = shop.typed(POLICY.replace("data: [email_address]", "data: [email_|address]"))

    assert shop.editor.definition(shop.policy, position) == types.Location(
        shop.policy.as_uri(), types.Range(types.Position(4, 2), types.Position(4, 15))
    )


def test_a_quote_leads_to_the_line_of_the_published_text(shop: Shop) -> None:
    position = shop.typed(POLICY.replace("quote: We use your", "quote: We| use your"))

    assert shop.editor.definition(shop.policy, position) == types.Location(
        (shop.root / "shop.txt").as_uri(), types.Range(types.Position(1, 0), types.Position(2, 16))
    )


def test_a_name_that_was_misspelt_is_put_right(shop: Shop) -> None:
    (found,) = shop.editor.open(shop.policy, POLICY.replace("data: [email_address]", "data: [email_adress]"))

    assert shop.editor.actions(shop.policy, found) == {
        "Write `email_address`": [types.TextEdit(types.Range(types.Position(21, 11), types.Position(21, 23)), "email_address")]
    }


def test_a_finding_is_suppressed_by_a_comment_whose_reason_is_still_to_be_written(shop: Shop) -> None:
    text = POLICY.replace("quote: your name}", "quote: your consent}")
    (found,) = shop.editor.open(shop.policy, text)

    ((title, (edit,)),) = shop.editor.actions(shop.policy, found).items()
    lines = text.split("\n")
    lines[edit.range.start.line : edit.range.start.line] = [edit.new_text.removesuffix("\n")]

    assert title == "Suppress `quote-outside-clause` for a reason"
    assert [each.code for each in shop.editor.type(shop.policy, "\n".join(lines))] == ["unexplained-ignore"]


def test_places_are_counted_as_the_protocol_counts_them(shop: Shop) -> None:
    text = "purposegate: 1\ncategories: {a: {quote: 日本🎌🎌}, b: {parent: |c}}\n"
    plain, position = without_mark(text)

    found = shop.editor.open(shop.policy, plain)

    assert position.character == len("categories: {a: {quote: 日本____}, b: {parent: ")
    assert types.Range(position, types.Position(1, position.character + 1)) in [
        each.range for each in found if each.code == "undeclared-name"
    ]
    assert shop.editor.offered(shop.policy, position) == ["a"]


@pytest.mark.parametrize("typed", ["\x0cx: |", "|", "{{{[[[|", "- - - -|", "'|", "\u2028a: [|", "? |", "&a *a !!b |", "\ttab: |"])
def test_no_text_is_too_broken(shop: Shop, typed: str) -> None:
    position = shop.typed(f"purposegate: 1\n{typed}")

    shop.editor.hover(shop.policy, position)
    shop.editor.definition(shop.policy, position)
    shop.editor.completions(shop.policy, position)

    assert shop.editor.type(shop.policy, POLICY) == []


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ('gate.check("|', ["contact_data", "email_address", "name"]),
        ('gate.check("email_address", "|', ["shipping", "raffle"]),
        ('gate.check("email_address", "shipping", "|', ["shop", "carrier"]),
        ('gate.check("name", "shipping", "|', ["shop", "carrier"]),
        ('gate.check("email_address", "shipping", f"car|rier/{company}")', ["shop", "carrier"]),
        ('gate.check("email_address", "shipping", "carrier", channel="|', ["post"]),
        ('gate.check("email_address", purpose="raffle", recipient=\'|', ["shop", "carrier"]),
        ('await self.gate.adecide(\n    "name",\n    "|\n)\ndef broken(:\n', ["shipping", "raffle"]),
        ('ask = gate.bind("|', ["shipping", "raffle"]),
        ('@gate.guard("name", "|', ["contact_data", "email_address", "name"]),
        ('@gate.guard("name", purpose="|', ["shipping", "raffle"]),
        ('with gate.purpose("shipping", "|', ["shop", "carrier"]),
        ('gate.open(sealed, "|', ["shipping", "raffle"]),
        ('await gate.adisclose(order, "shipping", "|', ["shop", "carrier"]),
        ('gate.fields(Order, "|', ["shipping", "raffle"]),
        ('@app.get("/", dependencies=[for_purpose(gate, "|', ["shipping", "raffle"]),
        ('email: Annotated[str, Personal("|', ["contact_data", "email_address", "name"]),
        ('Sealed(value, "|', ["contact_data", "email_address", "name"]),
        ('gate.decide(DataCategory.EMAIL_ADDRESS, names.Purpose.SHIPPING, "|', ["shop", "carrier"]),
        ("gate.check('''|", ["contact_data", "email_address", "name"]),
        ("gate.check(|", []),
        ('gate.check("name"|', []),
        ('# gate.check("|', []),
        ('open("|', []),
        ('gate.check("name", "shipping", "shop", "|', []),
        ('gate.check("name", "shipping", claim="|', []),
    ],
)
def test_code_is_completed_by_the_argument_that_the_cursor_is_in(shop: Shop, typed: str, offered: list[str]) -> None:
    assert shop.offered_in_code(f"import sys\n{typed}") == offered


def test_what_the_judge_would_permit_is_offered_first_and_says_so(shop: Shop) -> None:
    offered = shop.editor.completions(*shop.code('gate.check("name", "shipping", "|'))

    assert [(item.label, item.detail) for item in offered] == [
        ("shop", "As the policy `shop` declares it."),
        ("carrier", "once conditions are shown: As the policy `shop` declares it."),
    ]


def test_what_the_judge_would_deny_is_offered_last_and_says_so(shop: Shop) -> None:
    offered = shop.editor.completions(*shop.code('gate.check("email_address", "|'))

    assert [(item.label, item.detail) for item in offered] == [
        ("shipping", "Clause 1: “ship parcels”"),
        ("raffle", "not permitted here: As the policy `shop` declares it."),
    ]


def test_a_completion_in_code_takes_the_place_of_the_name_around_the_cursor(shop: Shop) -> None:
    path, position = shop.code('🎌 = "日本"; gate.check("em|ail")')

    found = shop.editor.completions(path, position)

    where = types.Range(types.Position(0, position.character - 2), types.Position(0, position.character + 3))
    assert {item.label: item.text_edit for item in found} == {
        name: types.TextEdit(where, name) for name in ("contact_data", "email_address", "name")
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('gate.check("email|_address", "shipping")', "**`email_address`**: data category"),
        ('gate.check("email_address", "ship|ping")', "**`shipping`**: purpose"),
        ('gate.check("email_address", "shipping", "carrier|/dhl")', "**`carrier/dhl`**: recipient"),
        ('gate.check("email_address", "shipping", "carrier", channel="po|st")', "**`post`**: channel"),
        ('Annotated[str, Personal("na|me")]', "- Clause 1: “your name”"),
        ("gate.check(DataCategory.NA|ME, names.Purpose.SHIPPING)", "**`name`**: data category"),
        ("gate.check(DataCategory.NAME, names.Purpose.SHIP|PING)", "**`shipping`**: purpose"),
    ],
)
def test_a_name_in_code_is_told_with_the_clauses_of_the_policy(shop: Shop, typed: str, said: str) -> None:
    assert said in shop.editor.hovered(*shop.code(typed))


@pytest.mark.parametrize(
    "typed", ['gate.check("emai|l")', 'print("na|me")', "Purpose.NO|THING", "x = |1", 'gate.check("name", "shipping", "shop/|x")']
)
def test_of_what_the_policy_does_not_know_nothing_is_told(shop: Shop, typed: str) -> None:
    path, position = shop.code(typed)

    assert shop.editor.hover(path, position) is None


@pytest.mark.parametrize(
    ("typed", "line", "length"),
    [
        ('gate.check("email|_address")', 4, 13),
        ('gate.check("email_address", "shipping", "carrier|/dhl")', 11, 7),
        ("Purpose.SHIP|PING", 7, 8),
    ],
)
def test_a_name_in_code_leads_to_its_declaration_in_the_policy(shop: Shop, typed: str, line: int, length: int) -> None:
    assert shop.editor.definition(*shop.code(typed)) == types.Location(
        shop.policy.as_uri(), types.Range(types.Position(line, 2), types.Position(line, 2 + length))
    )


def test_code_leads_to_where_the_declaration_stands_in_the_editor(shop: Shop) -> None:
    shop.editor.open(shop.policy, f"# 🎌\n# more\n{POLICY}")

    found = shop.editor.definition(*shop.code("Purpose.SHIP|PING"))

    assert found is not None
    assert found.range.start == types.Position(9, 2)


def test_a_policy_that_breaks_goes_on_to_be_told_of_in_code(shop: Shop) -> None:
    path, position = shop.code('gate.check("na|me")')
    shop.editor.open(shop.policy, POLICY)
    shop.editor.type(shop.policy, POLICY.replace("purposes:", "purposes"))

    assert "data category of `shop`" in shop.editor.hovered(path, position)
    assert shop.editor.offered(path, position) == ["contact_data", "email_address", "name"]


def test_of_a_folder_of_revisions_the_newest_is_told_of(shop: Shop) -> None:
    (shop.root / "pyproject.toml").write_text('[tool.purposegate]\npolicy = "revisions"\n')
    (shop.root / "revisions").mkdir()
    (shop.root / "revisions" / "shop.txt").write_text(PROSE)
    (shop.root / "revisions" / "1.yaml").write_text(POLICY)
    (shop.root / "revisions" / "2.yaml").write_text(POLICY.replace('revision: "1"', 'revision: "2"'))

    assert "of `shop`, revision 2" in shop.editor.hovered(*shop.code('gate.check("na|me")'))


def test_a_file_of_cases_is_looked_at_when_it_is_saved(shop: Shop) -> None:
    cases = shop.root / "shop.test.yaml"
    text = (
        "purposegate-test: 1\npolicy: shop.yaml\ncases:\n  - {name: it ships, use: {data: name, purpose: %s}, expect: permitted}\n"
    )
    cases.write_text(text % "shiping")
    assert [each.code for each in shop.editor.open(cases, text % "shiping")] == ["undeclared-name"]
    cases.write_text(text % "shipping")

    assert shop.editor.save(cases, wait_for=cases) == []


def test_counts_in_the_units_that_the_client_prefers(shop: Shop) -> None:
    general = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf8])
    with asyncio.Runner() as runner:
        other = Editor(runner, general=general)
        (found,) = other.open(shop.policy, POLICY.replace('clause: "1", quote: ship parcels}', 'parent: "日本🎌"}'))
        assert other.answer.capabilities.position_encoding == types.PositionEncodingKind.Utf8
        assert other.leave() == 0

    assert found.range == types.Range(types.Position(7, 21), types.Position(7, 21 + 2 + len("日本🎌".encode())))


def test_without_its_extra_it_says_how_to_get_it() -> None:
    blocked = "import sys; sys.modules['pygls'] = None\nfrom purposegate.cli import main; main()"

    done = subprocess.run([sys.executable, "-c", blocked, "lsp"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "purposegate: the language server needs an extra\nhelp: pip install 'purposegate[lsp]'\n"


SERVICE = """from typing import Annotated

from pydantic import BaseModel

from purposegate import Gate, Personal

gate = Gate.load("shop.yaml")
WHO = "carrier"


class Order(BaseModel):
    email: Annotated[str, Personal("email_address")]


def ship(order: Order) -> str:
    gate.check("email_address", "shipping", WHO)
    return order.email
"""


def test_code_that_keeps_to_the_policy_has_no_diagnostics(shop: Shop) -> None:
    assert shop.editor.open(shop.root / "service.py", SERVICE) == []


def test_code_is_judged_as_it_is_typed_and_not_as_it_was_saved(shop: Shop) -> None:
    path = shop.root / "service.py"
    path.write_text(SERVICE)
    shop.editor.open(path, SERVICE)

    (found,) = shop.editor.type(path, SERVICE.replace('"shipping"', '"raffle"'))

    assert (found.code, found.severity, found.range.start.line) == ("undeclared-purpose", types.DiagnosticSeverity.Error, 15)
    assert shop.editor.type(path, SERVICE) == []


def test_a_change_in_one_file_is_told_of_in_another_that_is_open(shop: Shop) -> None:
    model, service = shop.root / "model.py", shop.root / "service.py"
    whole, _, use = SERVICE.partition("\n\ndef ship")
    use = f"from model import WHO, Order, gate\n\n\ndef ship{use}"
    model.write_text(whole)
    shop.editor.open(model, whole)
    assert shop.editor.open(service, use) == []

    found = shop.editor.type(model, whole.replace("carrier", "data_broker"), wait_for=service)

    assert [each.code for each in found] == ["unknown-recipient"]


def test_all_open_code_is_judged_again_when_its_policy_is_saved(shop: Shop) -> None:
    path = shop.root / "service.py"
    assert shop.editor.open(path, SERVICE) == []
    shop.policy.write_text(POLICY.replace("recipients: [carrier]\n    channels", "recipients: [shop]\n    channels"))

    assert [each.code for each in shop.editor.save(shop.policy, wait_for=path)] == ["unlisted-recipient"]
    shop.policy.write_text(POLICY)
    assert shop.editor.save(shop.policy, wait_for=path) == []


def test_places_in_code_are_counted_as_the_protocol_counts_them(shop: Shop) -> None:
    text = SERVICE.replace("    gate.check(", "    '日本🎌🎌'; gate.check(").replace('"shipping"', '"shiping"')

    (found,) = shop.editor.open(shop.root / "service.py", text)

    assert found.code == "unknown-purpose"
    begin = len("    '日本____'; ")
    end = begin + len('gate.check("email_address", "shiping"')
    assert begin <= found.range.start.character < end
    assert shop.editor.actions(shop.root / "service.py", found)["Write `shipping`"] == [
        types.TextEdit(types.Range(types.Position(15, end - 8), types.Position(15, end - 1)), "shipping")
    ]


def test_what_a_constant_comes_to_and_what_a_field_holds_is_told_by_the_scan(shop: Shop) -> None:
    path = shop.root / "service.py"
    shop.editor.open(path, SERVICE)

    assert "**`carrier`**: recipient" in shop.editor.hovered(path, types.Position(15, 46))
    assert "**`email_address`**: data category" in shop.editor.hovered(path, types.Position(16, 20))
    found = shop.editor.definition(path, types.Position(15, 46))
    assert found is not None
    assert found.range.start == types.Position(11, 2)


def test_code_that_is_no_python_yet_is_told_of_and_still_completed(shop: Shop) -> None:
    path, position = shop.code(SERVICE.replace('"shipping", WHO)', '"sh|'))

    assert [each.code for each in shop.editor.diagnostics[path.as_uri()]] == ["unparsable"]
    assert shop.editor.offered(path, position) == ["shipping", "raffle"]
    assert shop.editor.type(path, SERVICE) == []
