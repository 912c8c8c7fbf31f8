from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType

import pytest

from purposegate.findings import Finding, Location, Severity
from purposegate.tools.scanning.precise import Precision, precisely
from purposegate.tools.scanning.sighting import Place, UnknownRead

# One project, checked once: each file ends in reads of something called `email`, told here by the line.
MODELS = """
    from dataclasses import dataclass
    from typing import Generic, NamedTuple, Protocol, TypeVar

    T = TypeVar("T")

    @dataclass
    class User:
        email: str

    class Admin(User):
        pass

    class Guest(User):
        email: str = ""

    @dataclass
    class Parcel:
        email: str

    class Row(NamedTuple):
        email: str

    class Reachable(Protocol):
        email: str

    class Box(Generic[T]):
        def __init__(self, held: T) -> None:
            self.held = held

    def user() -> User:
        return User("")

    async def parcels() -> list[Parcel]:
        return []
"""
READS = """
    from models import Admin, Box, Guest, Parcel, Reachable, Row, T, User, parcels, user

    def optional(x: User | None) -> None:
        if x is not None:
            x.email
        x.email

    def narrowed(x: Parcel | str) -> None:
        if isinstance(x, Parcel):
            "né日本"; x.email

    def either(x: Parcel | Row) -> None:
        x.email

    async def containers(boxes: dict[str, Box[tuple[Parcel, int]]]) -> None:
        for box in boxes.values():
            box.held[0].email
        [parcel.email for parcel in await parcels()]
        print(f"{next(iter(boxes.values())).held[0].email}")

    def returned() -> str:
        return user().email

    def untyped(anything):
        user = [User("")]
        user[0].email
        anything.email

    def inherited(x: Admin) -> None:
        x.email

    def redeclared(x: Guest) -> None:
        x.email

    def column() -> object:
        return User.email

    def unnamed(x: Reachable, y: object, z: T) -> None:
        x.email
        if hasattr(y, "email"):
            y.email
        z.email
"""
ROWS = """
    from sqlalchemy import select
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    class Base(DeclarativeBase):
        pass

    class Account(Base):
        __tablename__ = "account"
        email: Mapped[str] = mapped_column(primary_key=True)

    def rows(session: Session) -> None:
        for account in session.scalars(select(Account).where(Account.email == "")):
            account.email
        row = session.execute(select(Account.email)).one()
        row.email
"""
WRONG = """
    import broken
    from models import Parcel
    from nowhere import other

    def wrong(x: Parcel) -> int:
        broken.x.email
        other.email
        return x.email + 1 + undefined
"""
BROKEN = "def broken(x)\n    return x.email\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folder = tmp_path_factory.mktemp("project")
    texts = {"models.py": MODELS, "reads.py": READS, "rows.py": ROWS, "wrong.py": WRONG, "broken.py": BROKEN}
    return {name: a_file(folder / name, text) for name, text in texts.items()}


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def told(project: Mapping[str, Path], cache: str) -> Precision:
    """One run for all that only looks at what came of it: mypy takes some seconds with an empty cache."""
    unknown = [read for name, path in project.items() if name != "broken.py" for read in reads_of(path)]
    broken = UnknownRead(Place(str(project["broken.py"]), 2, 12, 2, 19), "broken", "email", ("email_address",))
    return precisely([*unknown, broken], [str(path) for path in project.values()], cache=cache)


def a_file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(text), "utf-8")
    return path


def reads_of(path: Path) -> Iterator[UnknownRead]:
    text = path.read_text("utf-8-sig")
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr == "email":
            at, end = node.lineno, node.end_lineno or 0
            start_column, end_column = _column(lines[at - 1], node.col_offset), _column(lines[end - 1], node.end_col_offset or 0)
            yield UnknownRead(Place(str(path), at, start_column, end, end_column), "f", "email", ("email_address",))


def _column(line: str, offset: int) -> int:
    return len(line.encode()[:offset].decode()) + 1


def by_expression(told: Precision, path: Path) -> list[tuple[str, str | None]]:
    """Give what was told of each read, by its text and in the order of the file."""
    text = path.read_text("utf-8")
    places = sorted(reads_of(path), key=lambda read: read.place)
    lines = text.split("\n")
    return [(lines[at.place.line - 1][at.place.column - 1 : at.place.end_column - 1], told.classes.get(at)) for at in places]


def test_the_class_that_declares_the_attribute_is_told_for_every_receiver_that_mypy_knows(
    told: Precision, project: Mapping[str, Path]
) -> None:
    either = "models.User | models.Guest"  # an object of `User` may be one of `Guest`, which declares it anew
    assert by_expression(told, project["reads.py"]) == [
        ("x.email", either),
        ("x.email", either),
        ("x.email", "models.Parcel"),
        ("x.email", "models.Parcel | models.Row"),
        ("box.held[0].email", "models.Parcel"),
        ("parcel.email", "models.Parcel"),
        ("next(iter(boxes.values())).held[0].email", "models.Parcel"),
        ("user().email", either),
        ("user[0].email", either),
        ("anything.email", None),
        ("x.email", "models.User"),
        ("x.email", "models.Guest"),
        ("User.email", either),
        ("x.email", None),
        ("y.email", None),
        ("z.email", None),
    ]


def test_a_mapped_object_is_told_and_a_row_of_columns_stays_unknown(told: Precision, project: Mapping[str, Path]) -> None:
    assert by_expression(told, project["rows.py"]) == [
        ("Account.email", "rows.Account"),
        ("account.email", "rows.Account"),
        ("Account.email", "rows.Account"),
        ("row.email", None),
    ]


def test_a_file_with_type_errors_is_told_as_far_as_it_goes(told: Precision, project: Mapping[str, Path]) -> None:
    assert by_expression(told, project["wrong.py"]) == [
        ("broken.x.email", None),
        ("other.email", None),
        ("x.email", "models.Parcel"),
    ]


def test_a_file_that_mypy_cannot_read_settles_nothing_and_is_named(told: Precision, project: Mapping[str, Path]) -> None:
    assert told.findings == (
        Finding(
            "cannot-verify",
            Severity.WARNING,
            "mypy cannot read this file: no receiver was told, 1 stay unknown",
            Location(str(project["broken.py"]), 1, 1),
            help="run mypy on it to see why",
        ),
    )


def test_what_is_told_from_a_warm_cache_is_the_same(told: Precision, project: Mapping[str, Path], cache: str) -> None:
    unknown = list(reads_of(project["reads.py"]))

    again = precisely(unknown, [str(project["models.py"]), str(project["reads.py"])], cache=cache)

    assert again == Precision({read: told.classes[read] for read in unknown if read in told.classes}, ())


def test_scripts_of_one_name_do_not_get_in_each_others_way(tmp_path: Path, cache: str) -> None:
    text = "class {0}:\n    email = ''\n\ndef f(x: {0}) -> None:\n    x.email\n"
    files = [a_file(tmp_path / name / "main.py", text.format(name.title())) for name in ("one", "two")]
    odd = a_file(tmp_path / "not-a-name" / "1st.py", text.format("Odd"))
    package = a_file(tmp_path / "src" / "shop" / "deep" / "it.py", "from ..model import U\n\ndef f(x: U) -> None:\n    x.email\n")
    model = a_file(tmp_path / "src" / "shop" / "model.py", "class U:\n    email = ''\n")
    inits = [a_file(tmp_path / "src" / "shop" / name, "") for name in ("__init__.py", "deep/__init__.py")]
    unknown = [read for path in (*files, odd, package) for read in reads_of(path)]

    told = precisely(unknown, [str(path) for path in (*files, odd, package, model, *inits)], cache=cache)

    assert list(told.classes.values()) == ["main.One", "main.Two", "1st.Odd", "shop.model.U"]


def test_nothing_of_the_project_runs(tmp_path: Path, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin and an interpreter that the project's configuration names would be started by mypy itself."""
    ran = tmp_path / "ran"
    program = f"from pathlib import Path\nPath({str(ran)!r}).touch()\n"
    a_file(tmp_path / "plugin.py", program)
    a_file(tmp_path / "json.py", program)
    interpreter = a_file(tmp_path / "python", f"#!/bin/sh\ntouch {ran}\n")
    interpreter.chmod(0o755)
    config = a_file(tmp_path / "mypy.ini", f"[mypy]\nplugins = plugin.py\npython_executable = {interpreter}\n")
    main = a_file(tmp_path / "main.py", f"{program}class U:\n    email = ''\n\ndef f(x: U) -> None:\n    x.email\n")
    monkeypatch.chdir(tmp_path)

    told = precisely(list(reads_of(main)), [str(main)], config=str(config), cache=cache)

    assert (list(told.classes.values()), told.findings, ran.exists()) == (["main.U"], (), False)


def test_the_projects_paths_are_those_of_its_configuration(tmp_path: Path, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a_file(tmp_path / "lib" / "accounts.py", "class U:\n    email = ''\n")
    main = a_file(tmp_path / "main.py", "\ufefffrom accounts import U\n\ndef f(x: U) -> None:\n    x.email\n")
    config = a_file(tmp_path / "pyproject.toml", '[tool.mypy]\nmypy_path = "lib"\n')
    monkeypatch.chdir(tmp_path)

    told = precisely(list(reads_of(main)), [str(main)], config=str(config), cache=cache)

    assert told == Precision(dict.fromkeys(reads_of(main), "accounts.U"), ())


@pytest.mark.parametrize(
    ("deadline", "config", "why"),
    [
        (0.01, None, "mypy did not finish within 0.01 seconds"),
        (60.0, "no/such/file.ini", "mypy could not check these files"),
    ],
)
def test_where_mypy_gives_no_answer_nothing_is_settled_and_that_is_told(
    tmp_path: Path, cache: str, deadline: float, config: str | None, why: str
) -> None:
    main = a_file(tmp_path / "main.py", "class U:\n    email = ''\n\nU().email\nU.email\n")

    told = precisely(list(reads_of(main)), [str(main)], config=config, cache=cache, deadline=deadline)

    place = Location(str(main), 1, 1)
    help_ = "run mypy on it to see why"
    finding = Finding("cannot-verify", Severity.WARNING, f"{why}: no receiver was told, 2 stay unknown", place, help=help_)
    assert told == Precision(MappingProxyType({}), (finding,))


def test_a_file_that_changed_since_it_was_scanned_settles_nothing(tmp_path: Path, cache: str) -> None:
    main = a_file(tmp_path / "main.py", "class U:\n    email = ''\n\n\nU().email\n")
    unknown = list(reads_of(main))
    main.write_text("class U:\n    email = ''\n", "utf-8")

    assert precisely(unknown, [str(main)], cache=cache) == Precision({}, ())


def test_without_mypy_the_error_says_how_to_get_it(tmp_path: Path) -> None:
    program = dedent(f"""
        import sys
        sys.modules["mypy"] = None
        from purposegate.errors import PurposegateError
        from purposegate.tools.scanning.precise import precisely
        from purposegate.tools.scanning.sighting import Place, UnknownRead
        try:
            precisely([UnknownRead(Place({str(tmp_path / "a.py")!r}, 1, 1, 1, 2), "f", "email", ())], [])
        except PurposegateError as error:
            print(error, *error.__notes__, sep="\\n")
    """)

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env={**os.environ})

    assert said.stdout.splitlines() == [
        "telling receivers by a type checker needs an extra",
        "pip install 'purposegate[precise]'",
    ]


def test_where_nothing_is_unknown_nothing_is_asked() -> None:
    assert precisely([], ["no/such/file.py"], deadline=0.0) == Precision({}, ())


def test_an_import_that_is_no_python_keeps_nothing_else_from_being_told(tmp_path: Path, cache: str) -> None:
    a_file(tmp_path / "generated.py", BROKEN)  # none of the files that are scanned
    main = a_file(tmp_path / "main.py", "import generated\n\nclass U:\n    email = ''\n\ndef f(x: U) -> None:\n    x.email\n")

    assert precisely(list(reads_of(main)), [str(main)], cache=cache) == Precision(dict.fromkeys(reads_of(main), "main.U"), ())
