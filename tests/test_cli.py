"""The command line, as it is typed: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from builders import ROOT, SHIPPED, a_folder, a_provision, a_use_clause

COMMAND = str(Path(sys.executable).with_name("purposegate"))


def run(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "FORCE_COLOR")}
    return subprocess.run(
        [COMMAND, *arguments], cwd=cwd, env=plain | environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["--help"], 0),
        (["schema"], 0),
        (["lint", "policies/en-japan-video-interview.yaml"], 0),
        (["lint", "policies/en-japan-video-interview.yaml", "--fail-level", "note"], 1),
        (["lint", "nowhere.yaml"], 2),
        (["lint", "policies"], 0),
        (["lint", "nowhere/*.yaml"], 2),
        (["lint", "docs"], 2),
        (["lint", "policies", "--fail-level", "never"], 0),
        (["lint", "nowhere.yaml", "--fail-level", "never"], 2),
        (["lint", "tests/leaks/world.py", "--fail-level", "never"], 2),
        (["lint", "--select", "no-such-rule"], 2),
        (["lint", "--config", "nowhere.toml"], 2),
        (["lint"], 0),
        (["lint", "policies/en-japan-video-interview.yaml", "--diff"], 0),
        (["lint", "nowhere.yaml", "--diff"], 2),
        (["lint", "nowhere.yaml", "--fix"], 2),
        (["rule"], 0),
        (["rule", "idle-purpose"], 0),
        (["rule", "unheard-of"], 2),
        (["check", "email_address", "send_service_email"], 0),
        (["check", "email_address", "send_service_email", "--format", "json"], 0),
        (["check", "video_interview", "distribute_advertising", "third_party/ad-co"], 1),
        (["check", "emial_address", "send_service_email"], 1),
        (["check", "name", "inform_and_survey", "third_party/ad-co", "--assume", "consent"], 0),
        (["check", "name", "inform_and_survey", "--assume", "consnt"], 2),
        (["check", "name"], 2),
        (["check", "name", "provide_service", "en_japan", "too", "many"], 2),
        (["check", "name", "provide_service", "--policy", "nowhere.yaml"], 2),
        (["explain", "email_address", "send_service_email"], 0),
        (["explain", "name", "inform_and_survey", "third_party/ad-co"], 1),
        (["matrix", "view_video_interview"], 0),
        (["matrix", "view_video_interviews"], 2),
        (["unheard-of"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_exit_code_says_what_happened(arguments: list[str], code: int) -> None:
    done = run(*arguments)

    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout or done.stderr


def test_a_verdict_is_printed_with_its_clause_and_place() -> None:
    done = run("check", "name", "inform_and_survey", "employer_company/acme")

    lines = done.stdout.splitlines()
    assert lines[0].endswith("[unlisted-recipient]")
    assert any(line.startswith("clause 4(1): “") for line in lines)
    assert "help: clause 4(2) would permit it with `consent` shown" in lines
    assert lines[-1].startswith("see: policies/en-japan-video-interview.yaml:")
    assert "\033" not in done.stdout


@pytest.mark.parametrize("extra", [[], ["--channel", "email"], ["--format", "text"]])
def test_names_alone_and_names_with_options_are_decided_alike(extra: list[str]) -> None:
    """Names alone take a shorter way through the program."""
    plain = run("check", "cookie", "manage_sessions")
    optional = run("check", "cookie", "manage_sessions", *extra)

    assert (plain.stdout, plain.returncode) == (optional.stdout, optional.returncode)


def test_a_value_passed_for_a_name_is_not_printed() -> None:
    for arguments in (
        ["check", "taro@example.com", "provide_service"],
        ["explain", "taro@example.com", "provide_service"],
        ["matrix", "taro@example.com"],
        ["check", "name", "provide_service", "--assume", "taro@example.com"],
    ):
        done = run(*arguments)
        assert "taro" not in done.stdout + done.stderr
        assert done.returncode in (1, 2)


def test_check_gives_its_decision_as_json() -> None:
    decided = json.loads(run("check", "name", "view_video_interview", "employer_company/acme", "--format", "json").stdout)

    assert (decided["permitted"], decided["reason"], decided["clauses"]) == (True, "permitted", ["3(1)", "4(1)"])
    assert decided["channels"] == ["website", "email"]
    assert decided["citations"][1]["quote"].startswith("The obtained personal information shall be provided")
    assert decided["policy"]["revision"] == "2020-03-09"


def test_explain_goes_down_to_the_quote_and_the_line_and_up_to_what_would_be_permitted() -> None:
    text = run("explain", "name", "inform_and_survey", "third_party/ad-co", COLUMNS="200").stdout

    assert "clause 3(5): “To provide information about this Service" in text
    assert "does not apply: not shown: `consent`" in text
    assert "what would be permitted instead, the smallest change first" in text
    assert "en-japan-video-interview.yaml:" in text
    tree = json.loads(run("explain", "name", "inform_and_survey", "third_party/ad-co", "--format", "json").stdout)
    assert tree["text"].endswith("[unlisted-recipient]")
    assert [child["text"] for child in tree["children"]][:2] == ["the names", "what opens the purpose for the data"]


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_the_matrix_fits_the_terminal(columns: int) -> None:
    lines = run("matrix", "view_video_interview", COLUMNS=str(columns)).stdout.splitlines()

    assert max(map(len, lines)) <= columns
    assert any(line.startswith("employer_provided") for line in lines)


def test_the_matrix_as_json_agrees_with_check() -> None:
    rows = json.loads(run("matrix", "view_video_interview", "--format", "json").stdout)["rows"]

    assert rows["name"]["employer_company"] == {"permitted": True, "reason": "permitted"}
    assert rows["name"]["service_provider"] == {"permitted": False, "reason": "unmet-condition"}
    assert rows["cookie"]["en_japan"] == {"permitted": False, "reason": "undeclared-purpose"}


def test_lint_prints_findings_with_excerpts_and_counts_them(tmp_path: Path) -> None:
    path = a_folder(tmp_path, uses=[a_use_clause(purposes=["shiping"])])

    done = run("lint", str(path))

    assert done.returncode == 1
    assert "error[undeclared-name] the purpose `shiping` is not declared under `purposes`" in done.stdout
    assert "help: did you mean `shipping`?" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 error"
    assert [finding["slug"] for finding in json.loads(run("lint", str(path), "--format", "json").stdout)] == ["undeclared-name"]


def test_lint_shows_what_it_would_mend_and_mends_it_when_asked_to(tmp_path: Path) -> None:
    path = a_folder(
        tmp_path, uses=[a_use_clause(data=["email_address", "email_address"])], provisions=[a_provision(channels=["post"])]
    )
    before = path.read_text()

    shown = run("lint", str(path), "--diff")
    untouched = path.read_text()
    fixed = run("lint", str(path), "--fix", "--format", "json")

    assert (shown.returncode, untouched) == (1, before)
    assert shown.stdout.splitlines()[:2] == [f"--- {path}", f"+++ {path}"]
    assert fixed.returncode == 0
    assert "[repeated-name] `email_address` stands twice under `data`" in fixed.stderr
    assert [finding["slug"] for finding in json.loads(fixed.stdout)] == ["uncited-prose"]
    assert path.read_text() == before.replace('["email_address", "email_address"]', '["email_address"]')
    assert run("lint", str(path), "--diff").stdout == ""


CASE = "  - {name: a parcel, use: {data: email_address, purpose: shipping}, expect: permitted}\n"
TWICE = f"purposegate-test: 1\npolicy: shop.yaml\ncases:\n{CASE}{CASE}"
FORBIDDEN: list[dict[str, Any]] = [{"data": "any", "purposes": "any", "recipients": "any", "unless": []}]


def test_what_would_be_mended_is_not_told_where_something_that_was_named_cannot_be_used(tmp_path: Path) -> None:
    """Nothing to be mended is not nothing to be read."""
    a_folder(tmp_path, never=FORBIDDEN)
    (tmp_path / "shop.test.yaml").write_text(TWICE)

    found = [run("lint", name, "--diff", cwd=tmp_path) for name in ("nowhere*/*.yaml", "shop.test.yaml", "shop.yaml")]

    assert [(each.returncode, each.stdout) for each in found] == [(2, ""), (2, ""), (2, "")]
    assert ["error[no-policy]" in found[0].stderr, "error[never]" in found[2].stderr] == [True, True]


def test_an_error_is_told_though_a_rule_of_its_name_is_passed_over(tmp_path: Path) -> None:
    """That two cases go by one name is an error, and no matter of the rule about names that look alike."""
    a_folder(tmp_path)
    (tmp_path / "shop.test.yaml").write_text(TWICE)

    found = [
        run("lint", "shop.test.yaml", *options, "--format", "json", cwd=tmp_path)
        for options in (("--ignore", "confusable-names"), ("--select", "idle-purpose"))
    ]

    assert [each.returncode for each in found] == [1, 1]
    assert [[finding["slug"] for finding in json.loads(each.stdout)] for each in found] == [["confusable-names"]] * 2


def test_a_rule_is_explained_with_what_to_avoid_and_what_to_write_instead() -> None:
    text, data = run("rule", "repeated-name"), json.loads(run("rule", "repeated-name", "--format", "json").stdout)

    assert text.stdout.startswith("repeated-name (lint, warning)\n\nFlag a name that stands twice in one list.\n\nWhy: ")
    assert text.stdout.endswith("`purposegate lint --fix` mends it.\n")
    assert [*data] == ["slug", "tool", "severity", "does", "why", "avoid", "prefer", "fixed", "can_be_ignored"]
    assert yaml.safe_load(data["prefer"])["uses"][0]["data"] == ["email_address"]


def test_a_misspelt_rule_is_told_of_and_all_are_listed() -> None:
    misspelt = run("rule", "idle-porpoise")
    listed = json.loads(run("rule", "--format", "json").stdout)

    assert (misspelt.returncode, misspelt.stderr.splitlines()[-1]) == (2, "help: did you mean `idle-purpose`?")
    assert "idle-purpose" in run("rule").stdout
    assert [rule["slug"] for rule in listed] == sorted(rule["slug"] for rule in listed)


def test_warnings_fail_only_when_asked_to(tmp_path: Path) -> None:
    path = a_folder(tmp_path, provisions=[a_provision()], uses=[a_use_clause()])

    codes = [run("lint", str(path), "--fail-level", level).returncode for level in ("error", "warning", "note")]

    assert codes == [0, 1, 1]


def test_the_only_policy_is_found_and_none_or_several_are_said(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    arguments = ("check", "email_address", "shipping")

    assert "there are 0 policies" in run(*arguments, cwd=tmp_path).stderr
    path = a_folder(tmp_path / "policies")
    assert run(*arguments, cwd=tmp_path).returncode == 0
    path.with_name("other.yaml").write_bytes(path.read_bytes())
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there are 2 policies" in done.stderr


def test_a_broken_policy_is_no_verdict(tmp_path: Path) -> None:
    path = a_folder(tmp_path, uses=[a_use_clause(purposes=["shiping"])])

    done = run("check", "email_address", "shipping", "--policy", str(path))

    assert (done.returncode, done.stdout) == (2, "")
    assert "undeclared-name" in done.stderr


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_typographic_quotes_gets_its_verdict(encoding: str) -> None:
    done = run("check", "name", "distribute_advertising", PYTHONIOENCODING=encoding)

    assert done.returncode == 1
    assert "clause 3(8)" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_verdict() -> None:
    reading, writing = os.pipe()
    os.close(reading)

    done = subprocess.run(
        [COMMAND, "schema"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    os.close(writing)

    assert done.returncode == -signal.SIGPIPE
    assert done.stderr == ""


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_a_terminal_gets_colour_unless_it_asks_for_none(no_color: str, coloured: bool) -> None:
    terminal, program = pty.openpty()
    environment = os.environ | {"NO_COLOR": no_color, "TERM": "xterm"}

    subprocess.run(
        [COMMAND, "check", "name", "provide_service"], cwd=ROOT, env=environment, stdout=program, check=True, timeout=120
    )
    os.close(program)
    text = os.read(terminal, 100_000).decode()
    os.close(terminal)

    assert ("\033[32m" in text) is coloured


def test_an_editor_finds_a_title_and_a_description_for_everything() -> None:
    schema = json.loads(run("schema").stdout)
    models = [schema, *schema["$defs"].values()]

    for model in models:
        assert model["title"]
        assert model["description"] or model["enum"]
        if "properties" in model:
            assert model["additionalProperties"] is False
    silent = [
        (model["title"], name)
        for model in models
        for name, field in model.get("properties", {}).items()
        if "$ref" not in field and not (field.get("description") and field.get("title"))
    ]
    assert silent == []


def test_the_schema_takes_the_shipped_policy_and_refuses_what_the_reader_refuses() -> None:
    schema = json.loads(run("schema").stdout)
    document: dict[str, Any] = yaml.safe_load(SHIPPED.read_text())
    document["policy"] = {key: str(value) for key, value in document["policy"].items()}
    validator = jsonschema.Draft202012Validator(schema)

    assert [error.message for error in validator.iter_errors(document)] == []
    for spoilt in (
        document | {"granted": []},
        document | {"purposegate": 2},
        document | {"uses": [{key: value for key, value in document["uses"][0].items() if key != "conditions"}]},
        document | {"uses": [document["uses"][0] | {"data": []}]},
        document | {"uses": [document["uses"][0] | {"data": "everything"}]},
        document | {"categories": {"name": {"reading": None}}},
    ):
        assert list(validator.iter_errors(spoilt)) != []
    assert SHIPPED.read_text().startswith("# yaml-language-server: $schema=purposegate.schema.json\n")


def test_a_policy_is_compiled_signed_used_and_found_stale(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - for this test only
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat  # noqa: PLC0415 - as above

    source = a_folder(tmp_path)
    output, key = tmp_path / "shop.json", tmp_path / "key.pem"
    key.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    arguments = ["compile", str(source), "-o", str(output)]

    made = run(*arguments, "--sign", str(key))
    described = json.loads(run(*arguments, "--check", "--format", "json").stdout)
    used = run("check", "email_address", "shipping", "carrier/ups", "--policy", str(output))
    a_folder(tmp_path, provisions=[])
    stale = run(*arguments, "--check")
    linted = run("lint", str(output))

    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[0] == f"{output}: revision 1 of `shop`, bears a signature"
    assert (described["id"], described["revision"], described["bears_signature"]) == ("shop", "1", True)
    assert used.returncode == 0
    assert f"see: {source}:1:" in used.stdout
    assert (stale.returncode, stale.stdout.strip()) == (
        1,
        f"{output}:1:1: error[stale] the compiled policy is not that of its source",
    )
    assert linted.returncode == 1
    assert "a compiled policy is looked at in its source" in linted.stdout
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["key.pem", "shop.json", "shop.txt", "shop.yaml"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["policies/en-japan-video-interview.yaml", "-o", "/nowhere/x.json"], "the compiled policy was not written: no such file"),
        (["nowhere.yaml", "-o", "x.json"], "error[unreadable] the policy cannot be read"),
        (["policies/en-japan-video-interview.yaml", "-o", "x.json", "--sign", "README.md"], "the signing key is no Ed25519"),
        (["policies/en-japan-video-interview.yaml", "-o", "x.json", "--sign", "nowhere"], "the signing key cannot be read"),
    ],
)
def test_what_cannot_be_compiled_is_said_and_leaves_nothing_behind(arguments: list[str], message: str) -> None:
    done = run("compile", *arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert not (ROOT / "x.json").exists()
