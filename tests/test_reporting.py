"""What is printed of findings: the whole of every format, and that nothing in a message breaks out of one."""

from __future__ import annotations

import json
import re
import textwrap
from collections import Counter
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from reports import (
    BASE,
    IDLE,
    KINDS,
    MARKS,
    OTHER,
    QUESTION,
    SARIF_SCHEMA,
    SHOP,
    UNDECLARED,
    a_report,
    hostile_reports,
    the_report,
)

from purposegate.findings import Finding, Location, Severity, excerpt
from purposegate.policy.characters import one_line
from purposegate.tools.reporting.fingerprints import fingerprints
from purposegate.tools.reporting.github import github
from purposegate.tools.reporting.gitlab import gitlab
from purposegate.tools.reporting.junit import junit
from purposegate.tools.reporting.markdown import MARK, markdown
from purposegate.tools.reporting.places import Base
from purposegate.tools.reporting.plain import plain
from purposegate.tools.reporting.report import Report, worded
from purposegate.tools.reporting.sarif import sarif
from purposegate.tools.reporting.text import concise, full

SARIF = jsonschema.Draft4Validator(SARIF_SCHEMA)
HELPED = f"{UNDECLARED.message} (help: did you mean `shipping`?)"


def block(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


FULL = block("""
    policies/shop.yaml:9:14: error[undeclared-name] the purpose `shiping` is not declared under `purposes`
      9 |   - purposes: [shiping]
        |              ^
      see: policies/shop.yaml:3:3: `shipping` is declared here
      help: did you mean `shipping`?
    policies/shop.yaml:4:3: warning[idle-purpose] nobody may use any data for `raffle`
    note[open-question] clause 3: To whom?
    1 error, 1 warning, 1 note
""")
CONCISE = block("""
    policies/shop.yaml:9:14: error[undeclared-name] the purpose `shiping` is not declared under `purposes` (help: did you mean `shipping`?)
    policies/shop.yaml:4:3: warning[idle-purpose] nobody may use any data for `raffle`
    note[open-question] clause 3: To whom?
    1 error, 1 warning, 1 note
""")  # noqa: E501 - a finding is one line
GITHUB = block("""
    ::error file=policies/shop.yaml,line=9,col=14,title=purposegate (undeclared-name)::the purpose `shiping` is not declared under `purposes` (help: did you mean `shipping`?)
    ::warning file=policies/shop.yaml,line=4,col=3,title=purposegate (idle-purpose)::nobody may use any data for `raffle`
    ::notice title=purposegate (open-question)::clause 3: To whom?
""")  # noqa: E501 - so is a command
JUNIT = block("""
    <?xml version="1.0" encoding="utf-8"?>
    <testsuites name="purposegate" tests="4" failures="1" errors="0" skipped="2">
      <testsuite name="policies/shop.yaml" tests="3" failures="1" errors="0" skipped="2">
        <testcase classname="policies/shop.yaml" name="undeclared-name (9:14)" file="policies/shop.yaml" line="9">
          <failure message="the purpose `shiping` is not declared under `purposes` (help: did you mean `shipping`?)" type="undeclared-name">policies/shop.yaml:9:14: error[undeclared-name] the purpose `shiping` is not declared under `purposes`
      9 |   - purposes: [shiping]
        |              ^
      see: policies/shop.yaml:3:3: `shipping` is declared here
      help: did you mean `shipping`?</failure>
        </testcase>
        <testcase classname="policies/shop.yaml" name="idle-purpose (4:3)" file="policies/shop.yaml" line="4">
          <skipped message="nobody may use any data for `raffle`"/>
        </testcase>
        <testcase classname="policies/shop.yaml" name="open-question" file="policies/shop.yaml">
          <skipped message="clause 3: To whom?"/>
        </testcase>
      </testsuite>
      <testsuite name="policies/other.yaml" tests="1" failures="0" errors="0" skipped="0">
        <testcase classname="policies/other.yaml" name="nothing to complain of" file="policies/other.yaml"/>
      </testsuite>
    </testsuites>
""")  # noqa: E501 - so is an element
MARKDOWN = block("""
    <!-- purposegate -->
    ### purposegate: findings

    1 error, 1 warning, 1 note in 2 files

    #### ` policies/shop.yaml `

    ```text
    policies/shop.yaml:9:14: error[undeclared-name] the purpose `shiping` is not declared under `purposes`
      9 |   - purposes: [shiping]
        |              ^
      see: policies/shop.yaml:3:3: `shipping` is declared here
      help: did you mean `shipping`?
    policies/shop.yaml:4:3: warning[idle-purpose] nobody may use any data for `raffle`
    note[open-question] clause 3: To whom?
    ```
""")
GITLAB: list[dict[str, Any]] = [
    {
        "description": HELPED,
        "check_name": "undeclared-name",
        "fingerprint": MARKS[0],
        "severity": "major",
        "location": {"path": SHOP, "lines": {"begin": 9}},
    },
    {
        "description": IDLE.message,
        "check_name": "idle-purpose",
        "fingerprint": MARKS[1],
        "severity": "minor",
        "location": {"path": SHOP, "lines": {"begin": 4}},
    },
    {
        "description": QUESTION.message,
        "check_name": "open-question",
        "fingerprint": MARKS[2],
        "severity": "info",
        "location": {"path": SHOP, "lines": {"begin": 1}},
    },
]


def described(slug: str, summary: str, level: str) -> dict[str, Any]:
    said = "What is wrong, and what would help, stands in the message of each result."
    return {
        "id": slug,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": f"{summary} {said}"},
        "help": {"text": f"{summary}\n\n{said}", "markdown": f"{summary}\n\n{said}"},
        "defaultConfiguration": {"level": level},
    }


SOURCE = {"uri": SHOP, "uriBaseId": "%SRCROOT%"}
WHOLE: dict[str, Any] = {
    "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "purposegate",
                    "version": "0.1.0",
                    "rules": [
                        {
                            "id": "idle-purpose",
                            "shortDescription": {"text": "Flag a purpose for which nobody may use any data."},
                            "fullDescription": {"text": "Flag a purpose for which nobody may use any data. Why: nobody can do it."},
                            "help": {
                                "text": block("""
                                    Flag a purpose for which nobody may use any data.

                                    Why: nobody can do it.

                                    Avoid:
                                        purposes: {shipping: {}, raffle: {}}
                                    Prefer:
                                        purposes: {shipping: {}}
                                """),
                                "markdown": block("""
                                    Flag a purpose for which nobody may use any data.

                                    Why: nobody can do it.

                                    **Avoid:**

                                    ```yaml
                                    purposes: {shipping: {}, raffle: {}}
                                    ```

                                    **Prefer:**

                                    ```yaml
                                    purposes: {shipping: {}}
                                    ```
                                """),
                            },
                            "defaultConfiguration": {"level": "warning"},
                        },
                        described("undeclared-name", "Undeclared name.", "error"),
                        described("open-question", "Open question.", "note"),
                    ],
                    "notifications": [{"id": "undeclared-name"}],
                }
            },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
            "invocations": [
                {
                    "executionSuccessful": False,
                    "toolExecutionNotifications": [
                        {
                            "descriptor": {"id": "undeclared-name", "index": 0},
                            "level": "error",
                            "message": {"text": HELPED},
                            "locations": [
                                {
                                    "physicalLocation": {
                                        "artifactLocation": SOURCE | {"index": 0},
                                        "region": {"startLine": 9, "startColumn": 14},
                                    }
                                }
                            ],
                        }
                    ],
                }
            ],
            "artifacts": [{"location": SOURCE}, {"location": SOURCE | {"uri": OTHER}}],
            "results": [
                {
                    "ruleId": "undeclared-name",
                    "ruleIndex": 1,
                    "level": "error",
                    "message": {"text": HELPED},
                    "partialFingerprints": {"purposegate/v1": MARKS[0]},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": SOURCE | {"index": 0},
                                "region": {"startLine": 9, "startColumn": 14},
                            }
                        }
                    ],
                    "relatedLocations": [
                        {
                            "id": 0,
                            "message": {"text": "`shipping` is declared here"},
                            "physicalLocation": {
                                "artifactLocation": SOURCE | {"index": 0},
                                "region": {"startLine": 3, "startColumn": 3},
                            },
                        }
                    ],
                },
                {
                    "ruleId": "idle-purpose",
                    "ruleIndex": 0,
                    "level": "warning",
                    "message": {"text": IDLE.message},
                    "partialFingerprints": {"purposegate/v1": MARKS[1]},
                    "locations": [
                        {
                            "physicalLocation": {
                                "artifactLocation": SOURCE | {"index": 0},
                                "region": {"startLine": 4, "startColumn": 3},
                            }
                        }
                    ],
                },
                {
                    "ruleId": "open-question",
                    "ruleIndex": 2,
                    "level": "note",
                    "message": {"text": QUESTION.message},
                    "partialFingerprints": {"purposegate/v1": MARKS[2]},
                },
            ],
        }
    ],
}


def test_text_is_a_finding_with_its_source_its_other_places_and_its_help_and_a_count() -> None:
    assert full(the_report()) == FULL


def test_concise_is_one_line_a_finding() -> None:
    assert concise(the_report()) == CONCISE


def test_a_workflow_command_names_the_place_from_the_root() -> None:
    assert github(the_report()) == GITHUB


def test_a_junit_file_has_a_suite_a_file_a_failure_for_what_fails_and_a_skipped_case_for_what_does_not() -> None:
    assert junit(the_report()) == JUNIT


def test_a_comment_names_each_file_and_shows_its_findings_in_a_fence() -> None:
    assert markdown(the_report()) == MARKDOWN


def test_a_code_quality_report_is_a_list_of_issues() -> None:
    assert json.loads(gitlab(the_report())) == GITLAB


def test_json_is_what_the_findings_hold_with_their_fingerprints() -> None:
    expected = [
        finding.as_dict() | {"fingerprint": each} for finding, each in zip((UNDECLARED, IDLE, QUESTION), MARKS, strict=True)
    ]

    assert json.loads(plain(the_report())) == expected


def test_sarif_is_one_run_that_says_what_kept_it_from_looking_on_twice() -> None:
    log = json.loads(sarif(the_report()))

    assert log == WHOLE
    assert list(SARIF.iter_errors(log)) == []


def test_a_run_without_findings_says_so_in_every_format() -> None:
    report = a_report()

    assert full(report) == concise(report) == "nothing to complain of"
    assert (github(report), json.loads(gitlab(report)), json.loads(plain(report))) == ("", [], [])
    assert markdown(report).splitlines() == [
        MARK,
        "### purposegate: nothing that fails",
        "",
        "nothing to complain of in 2 files",
    ]
    assert ET.fromstring(junit(report).encode()).attrib == {  # noqa: S314 - our own file
        "name": "purposegate",
        "tests": "2",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
    }
    (run,) = json.loads(sarif(report))["runs"]
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert run["results"] == []


def test_a_finding_of_a_rule_is_no_notification_however_bad_it_is() -> None:
    (run,) = json.loads(sarif(a_report(replace(IDLE, severity=Severity.ERROR))))["runs"]

    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    assert [result["level"] for result in run["results"]] == ["error"]


def test_a_file_that_is_named_in_two_ways_is_one_artifact() -> None:
    log = json.loads(sarif(a_report(IDLE, paths=(f"./{SHOP}", f"/repo/{SHOP}"))))

    assert log["runs"][0]["artifacts"] == [{"location": SOURCE}]
    assert list(SARIF.iter_errors(log)) == []


def test_what_cannot_be_read_is_an_error_of_the_suite_and_no_failure() -> None:
    unreadable = Finding("unreadable", Severity.ERROR, "the policy cannot be read", Location("nowhere.yaml", 1, 1))

    root = ET.fromstring(junit(a_report(unreadable, paths=("nowhere.yaml",))).encode())  # noqa: S314 - our own file

    assert [(suite.get("errors"), suite.get("failures")) for suite in root] == [("1", "0")]
    assert [element.tag for element in root.iter()][-1] == "error"


@pytest.mark.parametrize(
    ("level", "tags"),
    [
        (Severity.ERROR, ["failure", "skipped", "skipped"]),
        (Severity.WARNING, ["failure", "failure", "skipped"]),
        (Severity.NOTE, ["failure", "failure", "failure"]),
        (None, ["skipped", "skipped", "skipped"]),
    ],
)
def test_a_case_fails_where_the_run_does(level: Severity | None, tags: list[str]) -> None:
    root = ET.fromstring(junit(replace(the_report(), fail_level=level)).encode())  # noqa: S314 - our own file

    assert [case[0].tag for case in root.iter("testcase") if len(case)] == tags


def moved(finding: Finding, lines: int) -> Finding:
    assert finding.location is not None
    place = replace(finding.location, line=finding.location.line + lines)
    return replace(finding, location=place, excerpt=excerpt("  - purposes: [shiping]", place))


def test_a_fingerprint_stays_when_lines_are_added_above_and_however_far_the_line_is_indented() -> None:
    below = moved(UNDECLARED, 100)
    assert below.location is not None
    indented = replace(below, excerpt=excerpt("      -   purposes: [shiping]", below.location))

    marks = {fingerprints(a_report(each)) for each in (UNDECLARED, below, indented)}

    assert marks == {(MARKS[0],)}


def test_a_fingerprint_stays_when_a_message_names_another_line() -> None:
    first, second = (Finding("duplicate-key", Severity.ERROR, f"`a` was written before, on line {line}") for line in (3, 14))

    assert fingerprints(a_report(first)) == fingerprints(a_report(second))


def test_findings_that_are_alike_are_told_apart_by_their_order_in_the_file() -> None:
    first, second = UNDECLARED, moved(UNDECLARED, 3)

    in_order = fingerprints(a_report(first, second))

    assert len(set(in_order)) == 2
    assert fingerprints(a_report(second, first)) == (in_order[1], in_order[0])
    assert fingerprints(a_report(second)) == (in_order[0],)


@pytest.mark.parametrize(
    "other",
    [
        replace(UNDECLARED, slug="unknown-key"),
        replace(UNDECLARED, message="the purpose `raffel` is not declared under `purposes`"),
        replace(UNDECLARED, location=Location(OTHER, 9, 14)),
        replace(UNDECLARED, excerpt=excerpt("  - purposes: [shiping, raffle]", Location(SHOP, 9, 14))),
    ],
    ids=["slug", "message", "file", "line"],
)
def test_a_fingerprint_is_another_where_what_was_found_is(other: Finding) -> None:
    assert fingerprints(a_report(other)) != (MARKS[0],)


POSIX, DEEPER = Base(PurePosixPath("/repo"), PurePosixPath("/repo")), Base(PurePosixPath("/repo"), PurePosixPath("/repo/a"))
WINDOWS = Base(PureWindowsPath("C:\\repo"), PureWindowsPath("C:\\repo\\a"))


@pytest.mark.parametrize(
    ("base", "path", "uri", "root"),
    [
        (POSIX, "policies/shop.yaml", "policies/shop.yaml", "%SRCROOT%"),
        (POSIX, "./policies/../shop.yaml", "shop.yaml", "%SRCROOT%"),
        (POSIX, "/repo/shop.yaml", "shop.yaml", "%SRCROOT%"),
        (POSIX, "/elsewhere/shop.yaml", "file:///elsewhere/shop.yaml", None),
        (POSIX, "../shop.yaml", "file:///shop.yaml", None),
        (POSIX, "a b#c?d%e:f.yaml", "a%20b%23c%3Fd%25e%3Af.yaml", "%SRCROOT%"),
        (POSIX, "back\\slash.yaml", "back%5Cslash.yaml", "%SRCROOT%"),
        (POSIX, "プライバシー.yaml", "%E3%83%97%E3%83%A9%E3%82%A4%E3%83%90%E3%82%B7%E3%83%BC.yaml", "%SRCROOT%"),
        (POSIX, "not-utf-8-\udcff.yaml", "not-utf-8-%FF.yaml", "%SRCROOT%"),
        (DEEPER, "shop.yaml", "a/shop.yaml", "%SRCROOT%"),
        (DEEPER, "../shop.yaml", "shop.yaml", "%SRCROOT%"),
        (WINDOWS, "policies\\shop.yaml", "a/policies/shop.yaml", "%SRCROOT%"),
        (WINDOWS, "..\\my shop.yaml", "my%20shop.yaml", "%SRCROOT%"),
        (WINDOWS, "c:\\REPO\\shop.yaml", "shop.yaml", "%SRCROOT%"),
        (WINDOWS, "D:\\else where\\shop.yaml", "file:///D:/else%20where/shop.yaml", None),
        (WINDOWS, "\\\\host\\share\\shop.yaml", "file://host/share/shop.yaml", None),
    ],
)
def test_a_file_is_named_by_its_uri_from_the_root(base: Base, path: str, uri: str, root: str | None) -> None:
    assert base.uri(path) == (uri, root)


def test_the_root_is_the_nearest_folder_with_a_git_in_it_or_the_folder_itself(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)

    without = Base.of(inner)
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")

    assert (without, Base.of(inner)) == (Base(inner, inner), Base(tmp_path / "a", inner))


def test_what_no_comment_would_hold_is_counted() -> None:
    many = [replace(IDLE, location=Location(f"policies/{number:04}.yaml", 1, 1)) for number in range(1_000)]

    text = markdown(a_report(*many))

    shown = text.count("warning[idle-purpose]")
    assert len(text) < 65_536
    assert 300 < shown < 1_000
    assert text.endswith(f"\n\n{1_000 - shown} more are left out, which would not fit into a comment.")


@given(hostile_reports)
def test_text_keeps_every_finding_to_its_lines_whatever_it_says(report: Report) -> None:
    lines = concise(report).split("\n")

    assert len(lines) == len(report.findings) + 1
    for text in (full(report), concise(report)):
        assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", text) == []


@given(hostile_reports)
def test_a_workflow_command_is_read_back_as_the_finding_that_it_was(report: Report) -> None:
    lines = github(report).split("\n") if report.findings else []

    assert [commanded(line) for line in lines] == [
        {
            "command": {"error": "error", "warning": "warning", "note": "notice"}[finding.severity],
            "title": f"purposegate ({finding.slug})",
            "message": worded(finding),
        }
        | (
            {
                "file": one_line(report.path_of(finding)),
                "line": str(finding.location.line),
                "col": str(finding.location.column),
            }
            if finding.location
            else {}
        )
        for finding in report.findings
    ]


def commanded(line: str) -> dict[str, str]:
    """Read a command as GitHub's runner does: up to the first `::` after its name and properties, then its escapes."""
    head, separator, message = line.removeprefix("::").partition("::")
    assert (line[:2], separator) == ("::", "::")
    command, _, properties = head.partition(" ")
    pairs = (pair.split("=", 1) for pair in properties.split(","))
    return {"command": command, "message": unescaped(message)} | {name: unescaped(value) for name, value in pairs}


def unescaped(text: str) -> str:
    for escape, letter in {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}.items():
        text = text.replace(escape, letter)
    return text


@given(hostile_reports)
def test_a_junit_file_is_read_back_whatever_a_finding_says(report: Report) -> None:
    root = ET.fromstring(junit(report).encode())  # noqa: S314 - our own file

    cases = [case for case in root.iter("testcase") if len(case)]
    assert {element.tag for element in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure", "error", "skipped"}
    assert Counter(case[0].get("message") for case in cases) == Counter(map(worded, report.findings))
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    for tag, counted in {"failure": "failures", "error": "errors", "skipped": "skipped"}.items():
        assert root.get(counted) == str(len(list(root.iter(tag))))


@given(hostile_reports)
def test_a_code_quality_report_is_read_back_and_its_fingerprints_are_unique(report: Report) -> None:
    issues = json.loads(gitlab(report))

    assert [issue["description"] for issue in issues] == list(map(worded, report.findings))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@given(hostile_reports)
def test_json_is_read_back_whatever_a_finding_says(report: Report) -> None:
    text = plain(report)

    assert [each["message"] for each in json.loads(text)] == [finding.message for finding in report.findings]
    text.encode()


@given(hostile_reports)
def test_sarif_keeps_to_its_schema_and_holds_no_link_and_no_placeholder_whatever_a_finding_says(report: Report) -> None:
    text = sarif(report)
    log = json.loads(text)

    assert list(SARIF.iter_errors(log)) == []
    (run,) = log["runs"]
    assert [result["ruleId"] for result in run["results"]] == [finding.slug for finding in report.findings]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    for result in run["results"]:
        assert "](" not in result["message"]["text"]
        assert not re.search(r"\{\d+\}", result["message"]["text"])
    for artifact in run["artifacts"]:
        parts = urlsplit(artifact["location"]["uri"])
        assert re.fullmatch(r"[A-Za-z0-9_.~%/-]*", parts.path)
        assert (parts.query, parts.fragment, parts.scheme in ("", "file")) == ("", "", True)
    text.encode()


@given(hostile_reports)
def test_a_comment_is_fences_and_headings_and_nothing_else_whatever_a_finding_says(report: Report) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown(report))

    kinds = Counter(token.type for token in tokens)
    inline = Counter(child.type for token in tokens for child in token.children or ())
    files = len({report.path_of(finding) for finding in report.findings})
    assert kinds == Counter(html_block=1, heading_open=1, heading_close=1, paragraph_open=1, paragraph_close=1, inline=2) + Counter(
        {"heading_open": files, "heading_close": files, "inline": files, "fence": files}
    )
    assert inline == Counter(text=2) + Counter(code_inline=files)
    shown = "".join(token.content for token in tokens if token.type == "fence")
    assert all(one_line(finding.message) in shown for finding in report.findings)


def test_a_fence_is_longer_than_any_in_the_source_that_it_shows() -> None:
    finding = replace(IDLE, excerpt="  4 | a\n````\n# A heading of its own\n")

    tokens = MarkdownIt("commonmark").parse(markdown(a_report(finding)))

    assert [token.type for token in tokens].count("heading_open") == 2
    assert [token.markup for token in tokens if token.type == "fence"] == ["`````"]


def test_a_path_in_a_uri_is_read_back_as_what_it_was() -> None:
    path = "policies/my shop#1?%20:プライ.yaml"

    uri, root = BASE.uri(path)

    assert (unquote(uri), root) == (path, "%SRCROOT%")


def test_a_kind_without_documentation_is_documented_by_its_slug() -> None:
    bare = replace(KINDS[0], documentation="idle-purpose")

    assert (bare.summary, bare.markdown) == ("idle-purpose", "idle-purpose")
