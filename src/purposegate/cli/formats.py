"""How a command may print its result."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How a result is printed."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to print the result.")]


class ReportFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    MARKDOWN = "markdown"


class FailLevel(StrEnum):
    """From which severity on findings fail the command."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


ReportFormatOption = Annotated[ReportFormat | None, typer.Option("--format", help="How to print the findings; by default as text.")]
FailLevelOption = Annotated[
    FailLevel | None, typer.Option("--fail-level", help="The mildest finding that fails; by default an error.")
]
ReportOutputOption = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where the findings go in that format; as text they are printed too."),
]
ConfigOption = Annotated[
    str | None,
    typer.Option("--config", metavar="FILE", help="The file with `[tool.purposegate]`; by default the nearest pyproject.toml."),
]
IsolatedOption = Annotated[bool, typer.Option("--isolated", help="Go by no configuration.")]
