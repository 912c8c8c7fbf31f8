"""The compiled form: it decides as its source does, no accident to it goes unseen, and none of its own making opens anything."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import NOW, SHIPPED, a_context, a_document, a_folder, a_policy, a_provision, an_objection
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from strategies import cases

from purposegate import Context, Engine, Gate, Policy, PolicyError, PurposegateError, Use
from purposegate.policy.compiled import Damaged, compiled, opened, policy_of
from purposegate.policy.files import is_compiled
from purposegate.policy.loader import load
from purposegate.policy.signature import is_signed, sign
from purposegate.tools.compiler import bears_signature, compile_policy, write

KEY, OTHER_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
RICH: dict[str, Any] = {
    "categories": {"email_address": {}, "name": {"parent": ["email_address"]}, "age": {}},
    "conditions": {"consent": {"shown_by": "consent"}},
    "exceptions": [a_provision(clause="3", conditions=["consent"], data="any", **{"except": {"data": ["age"]}})],
    "objections": {"stop": an_objection(exempt=["3"])},
    "never": [{"data": ["age"], "purposes": "any", "recipients": "any", "unless": []}],
}


def private_pem(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def public_pem(key: Any) -> bytes:
    return bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def again(policy: Policy) -> Policy:
    return policy_of(opened(compiled(policy))[0])


def resealed(body: object) -> bytes:
    """Put a body of somebody's own making under a checksum that is its own."""
    written = json.dumps(body).encode()
    header = {"purposegate_compiled": 1, "checksum": hashlib.sha256(written).hexdigest(), "signature": None}
    return json.dumps(header, separators=(",", ":")).encode()[:-1] + b',"policy":' + written + b"}\n"


def test_the_shipped_policy_decides_the_same_when_it_is_compiled() -> None:
    """Whole decisions, with their citations and places, over every triple and with nothing, everything and an objection known."""
    policy = load(SHIPPED)
    source, other = Engine(policy), Engine(again(policy))
    contexts = [a_context(), a_context(policy.conditions), a_context(policy.conditions, policy.objections)]

    differing = [
        (category, purpose, recipient)
        for category in policy.categories
        for purpose in policy.purposes
        for recipient in [*policy.recipients, "employer_company/acme", "service_provider/x", "unheard_of"]
        for context in contexts
        if source.derive(Use(category, purpose, recipient), context) != other.derive(Use(category, purpose, recipient), context)
    ]

    assert differing == []
    assert again(policy).place("uses", 0) == policy.place("uses", 0)
    assert again(policy).place("categories", "name") == policy.place("categories", "name")
    assert again(policy).in_force_from == policy.in_force_from
    assert again(policy).amendments == policy.amendments == (timedelta(days=7), True, "Asia/Tokyo")


@given(cases())
def test_a_generated_policy_decides_the_same_when_it_is_compiled(case: Any) -> None:
    document, uses, contexts = case
    policy = a_policy(document)
    source, other = Engine(policy), Engine(again(policy))

    for use in uses:
        for context in contexts:
            asked = Use(use["data_category"], use["purpose"], use["recipient"], subject=use["subject"], channel=use["channel"])
            known = a_context(
                context["shown"], context["objections"], consulted=context["consulted"], registered=context["registered"]
            )
            assert source.derive(asked, known) == other.derive(asked, known)


def test_compiling_the_same_policy_twice_gives_the_same_bytes() -> None:
    assert compiled(load(SHIPPED)) == compiled(load(SHIPPED)) == compiled(again(load(SHIPPED)))


def test_a_gate_reads_it_like_the_yaml_and_needs_no_pydantic_for_it(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(compiled(load(SHIPPED)))
    code = (
        "import sys; from purposegate import Gate; gate = Gate.load(sys.argv[1]); "
        "print(gate.check('name', 'view_video_interview', 'employer_company/acme').clauses, "
        "[name for name in ('pydantic', 'yaml', 'cryptography') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, check=True, text=True, timeout=120)

    assert done.stdout.strip() == "('3(1)', '4(1)') []"


def test_a_compiled_policy_tests_its_never_again() -> None:
    body = json.loads(opened(compiled(a_policy(**RICH)))[0])
    body["never"] = [["any", "any", "any", []]]

    with pytest.raises(PolicyError, match="could permit"):
        Engine(policy_of(opened(resealed(body))[0]))


def test_every_changed_byte_and_every_cut_is_refused(tmp_path: Path) -> None:
    data = compiled(a_policy(**RICH))
    path = tmp_path / "policy.json"
    path.write_bytes(data)
    assert Gate.load(path).decide("email_address", "shipping", "carrier/x")

    for at in range(len(data)):
        for spoilt in (data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], data[:at], data[:at] + data[at + 1 :]):
            path.write_bytes(spoilt)
            with pytest.raises(PolicyError):
                load(path)
    for more in (b" ", b"\n", b"{}", data):
        path.write_bytes(data + more)
        with pytest.raises(PolicyError, match="damaged"):
            load(path)


def test_what_is_damaged_says_so_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"
    path.write_bytes(compiled(a_policy())[:-20])

    with pytest.raises(PolicyError) as caught:
        load(path)

    assert str(caught.value) == (
        f"{path}:1:1: error[damaged] the compiled policy cannot be used: it has no beginning or no end\n"
        "  help: compile it again from its source, with `purposegate compile`"
    )


def nodes(body: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    return [way, *(below for key, value in inner for below in nodes(value, (*way, key)))]


BODY = json.loads(opened(compiled(a_policy(**RICH)))[0])
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.sampled_from(
        [2**32, 2**64, 10**30, -1, 0.5, "", "any", "x", "carrier", "shop", "consent", "third_party", "controller", "3"]
    ),
    st.sampled_from(
        [[], {}, [0], [[0]], ["any"], ["shop"], [None], {"a": 1}, {"starts": [0]}, "2026-01-01", "2026-01-01T00:00:00"]
    ),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(nodes(BODY)), st.sampled_from(["replace", "drop", "double"]), STRANGE), min_size=1, max_size=3
    )
)
def test_a_body_of_anybodys_making_is_refused_or_holds_together(changes: Any) -> None:
    """Never a traceback, when it is read or when it decides: no number in it leads nowhere, no name is undeclared."""
    body = deepcopy(BODY)
    for way, change, strange in changes:
        body = changed(body, way, change, strange)
    try:
        engine = Engine(policy_of(opened(resealed(body))[0]))
    except (Damaged, PolicyError):
        return
    policy = engine.policy
    for category in policy.categories:
        for purpose in policy.purposes:
            for recipient in (None, *policy.recipients, "carrier/x"):
                for context in (a_context(), a_context(policy.conditions), a_context(policy.conditions, policy.objections)):
                    decision = engine.decide(Use(category, purpose, recipient, channel="post"), context)
                    assert isinstance(str(decision.citations), str)
                    assert engine.near_misses(Use(category, purpose, recipient), Context(NOW)) is not None


def changed(body: Any, way: tuple[Any, ...], change: str, strange: Any) -> Any:
    if not way:
        return strange if change == "replace" else body
    try:
        above = body
        for key in way[:-1]:
            above = above[key]
        if change == "replace":
            above[way[-1]] = strange
        elif change == "drop":
            del above[way[-1]]
        elif isinstance(above, list):
            above.insert(way[-1], above[way[-1]])
    except (KeyError, IndexError, TypeError):
        pass  # an earlier change took it away
    return body


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("categories", {"names": ["a", "b"], "parents": [[1], [0]]}),
        ("categories", {"names": ["a", "a"], "parents": [[], []]}),
        ("categories", {"names": ["Taro Yamada"], "parents": [[]]}),
        ("recipients", {"names": ["shop", "carrier"], "parents": [[], [0]]}),
        ("purposes", {"names": ["shipping", "b"], "parents": [[], [0, 0]]}),
        ("roles", {"shop": "controller", "carrier": "controller"}),
        ("roles", {"shop": "third_party", "carrier": "third_party"}),
        ("controller", "carrier"),
        ("conditions", {"consent": "caller"}),
        ("in_force_from", "2026-01-01T00:00:00"),
        ("amendments", []),
        ("amendments", [0, True, "UTC"]),
        ("amendments", [True, True, "UTC"]),
        ("amendments", [7, "accepts", "UTC"]),
        ("amendments", [7, True, "Mars/Olympus"]),
        ("amendments", [7, True, "America"]),
        ("id", ""),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(part: str, value: Any) -> None:
    body = deepcopy(BODY)
    body[part] = value

    with pytest.raises(Damaged):
        policy_of(opened(resealed(body))[0])


EMPTY = hashlib.sha256(b"{}").hexdigest().encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"purposegate_compiled":1,"checksum":"","signature":null,"policy":{}}\n',
        b'{"purposegate_compiled":2,"checksum":"' + EMPTY + b'","signature":null,"policy":{}}\n',
        b'{"purposegate_compiled":1,"checksum":"' + EMPTY + b'","signature":null,"policy":{}}\n',
        b'{"purposegate_compiled":' + b"[" * 900 + b',"policy":{}}\n',
        b'{"purposegate_compiled":1,"policy":{}}\n',
        b'{"purposegate_compiled":1,"checksum":"x","signature":7,"policy":{}}\n',
        b'{"purposegate_compiled":' + b" " * 17 * 2**20,
    ],
    ids=range(7),
)
def test_what_only_begins_like_it_is_refused(data: bytes) -> None:
    assert is_compiled(data)
    with pytest.raises(Damaged):
        policy_of(opened(data)[0])


def test_a_deeply_nested_body_is_refused() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    header = f'{{"purposegate_compiled":1,"checksum":"{hashlib.sha256(deep).hexdigest()}","signature":null,"policy":'.encode()

    with pytest.raises(Damaged, match="not JSON"):
        policy_of(opened(header + deep + b"}\n")[0])


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    policy = a_policy()
    (tmp_path / "policy.json").write_bytes(compiled(policy, lambda body: sign(body, private_pem(KEY))))
    (tmp_path / "keys.pem").write_bytes(b"the keys of two release managers\n" + public_pem(OTHER_KEY) + b"\n" + public_pem(KEY))
    return tmp_path


def test_a_policy_signed_by_one_of_the_trusted_keys_is_read(signed: Path) -> None:
    gate = Gate.load(signed / "policy.json", signed_by=signed / "keys.pem")
    gate.reload()

    assert gate.check("email_address", "shipping")


@pytest.mark.parametrize(
    ("spoil", "slug"),
    [
        (lambda path: (path / "keys.pem").write_bytes(public_pem(OTHER_KEY)), "wrong-signature"),
        (lambda path: (path / "policy.json").write_bytes(compiled(a_policy())), "unsigned"),
        (lambda path: a_folder(path).replace(path / "policy.json"), "unsigned"),
        (lambda path: (path / "policy.json").write_bytes(compiled(a_policy(), lambda _: "AAAA")), "wrong-signature"),
        (lambda path: (path / "policy.json").write_bytes(compiled(a_policy(), lambda _: "not base64 ü")), "wrong-signature"),
        (
            lambda path: (path / "policy.json").write_bytes(
                compiled(a_policy(provisions=[]), lambda _: sign(opened(compiled(a_policy()))[0], private_pem(KEY)))
            ),
            "wrong-signature",
        ),
        (lambda path: (path / "keys.pem").unlink(), "unreadable"),
    ],
)
def test_what_the_trusted_keys_did_not_sign_is_refused_also_when_it_is_loaded_again(signed: Path, spoil: Any, slug: str) -> None:
    gate = Gate.load(signed / "policy.json", signed_by=signed / "keys.pem")

    spoil(signed)
    for attempt in (lambda: Gate.load(signed / "policy.json", signed_by=signed / "keys.pem"), gate.reload):
        with pytest.raises(PolicyError) as caught:
            attempt()
        assert [finding.slug for finding in caught.value.findings] == [slug]

    assert gate.check("email_address", "shipping")
    assert gate.refused is caught.value


@pytest.mark.parametrize(
    "keys", [b"", b"no key at all", private_pem(KEY), public_pem(generate_private_key(SECP256R1())), b"\x00" * 9]
)
def test_keys_that_are_none_trust_nobody(signed: Path, keys: bytes) -> None:
    (signed / "keys.pem").write_bytes(keys)

    with pytest.raises(PurposegateError, match="key"):
        Gate.load(signed / "policy.json", signed_by=signed / "keys.pem")


def test_one_bad_key_among_good_ones_is_said_and_not_passed_over() -> None:
    bad = b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"

    with pytest.raises(PurposegateError, match="no Ed25519 public key"):
        is_signed(b"x", "AAAA", public_pem(KEY) + bad)


def test_a_signature_of_the_same_bytes_for_another_end_is_none_of_a_policy() -> None:
    body = opened(compiled(a_policy()))[0]
    from base64 import b64encode  # noqa: PLC0415 - for this test only

    assert not is_signed(body, b64encode(KEY.sign(body)).decode(), public_pem(KEY))
    assert is_signed(body, sign(body, private_pem(KEY)), public_pem(KEY))


@pytest.mark.parametrize("key", [b"", public_pem(KEY), private_pem(generate_private_key(SECP256R1()))])
def test_signing_needs_an_ed25519_private_key(key: bytes) -> None:
    with pytest.raises(PurposegateError, match="no Ed25519 private key"):
        sign(b"x", key)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, signed: Path) -> None:
    for name in [name for name in sys.modules if name.startswith("cryptography")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)

    with pytest.raises(PurposegateError, match=r"pip install 'purposegate\[sign\]'"):
        Gate.load(signed / "policy.json", signed_by=signed / "keys.pem")
    with pytest.raises(PurposegateError, match=r"pip install 'purposegate\[sign\]'"):
        sign(b"x", private_pem(KEY))


def test_a_compiled_document_keeps_its_whole_meaning() -> None:
    """What stands in a document stands in its compiled form, or is only for people."""
    body = json.loads(opened(compiled(a_policy(**RICH)))[0])

    assert body["never"] == [[["age"], "any", "any", []]]
    assert body["objections"] == {"stop": ["6", "amend", "any", "any", "any", ["3"]]}
    assert body["conditions"] == {"consent": "consent"}
    assert body["rules"]["kinds"] == [1, 1, 1]
    assert body["controller"] == a_document()["policy"]["controller"]


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (("rules", "scopes", 1), {"starts": [0, 0], "members": [], "everything": [], "excepted": []}),
        (("rules", "kinds"), [1.0, 1, 1]),
        (("rules", "kinds"), [-1, 3, 1]),
        (("revision",), "1 is in force\nINFO revision 2"),
        (("title",), "\x1b[2Kshop"),
        (("contact",), "half \ud800 of a pair"),
        (("objections", "stop", 0), "6\n7"),
        (("rules", "texts", 0), "1\n2"),
        (("rules", "texts", 1), "\u202eship"),
        (("categories", "names", 0), "any"),
    ],
)
def test_a_doctored_body_is_refused_as_the_yaml_would_be(way: tuple[Any, ...], value: Any) -> None:
    body = deepcopy(BODY)
    above = body
    for key in way[:-1]:
        above = above[key]
    above[way[-1]] = value

    with pytest.raises(Damaged):
        policy_of(opened(resealed(body))[0])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pem: pem.replace(b"-----BEGIN", b"# -----BEGIN"),
        lambda pem: pem.replace(b"-----BEGIN", b"  -----BEGIN"),
        lambda pem: pem.replace(b"BEGIN PUBLIC", b"XBEGIN PUBLIC"),
        lambda pem: pem.replace(b"-----END", b"#-----END"),
        lambda pem: pem + private_pem(OTHER_KEY),
    ],
)
def test_a_key_that_is_commented_out_in_part_trusts_nobody(signed: Path, spoil: Any) -> None:
    (signed / "keys.pem").write_bytes(spoil(public_pem(KEY)) + public_pem(OTHER_KEY))

    with pytest.raises(PurposegateError, match="no public key in PEM, or only a part of one"):
        Gate.load(signed / "policy.json", signed_by=signed / "keys.pem")


def test_the_same_policy_named_by_another_path_is_up_to_date(tmp_path: Path) -> None:
    path, output = a_folder(tmp_path), tmp_path / "shop.json"
    write(compile_policy(path)[1], output)

    _, data = compile_policy(tmp_path / "." / ".." / tmp_path.name / "shop.yaml")

    assert data != output.read_bytes()
    assert not bears_signature(data, output)


def test_a_prose_whose_name_no_file_can_have_is_a_finding(tmp_path: Path) -> None:
    path = a_folder(tmp_path, policy={"prose": "x" * 300})

    with pytest.raises(PolicyError) as caught:
        Gate.load(path)

    assert [(finding.slug, finding.help) for finding in caught.value.findings] == [("unreadable", "file name too long")]
