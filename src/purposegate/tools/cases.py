"""Cases beside a policy as they are written: uses, and the verdicts that its authors expect, in the policy's own words.

As in a policy, nothing is left to be guessed: an unknown key, a name that is not declared or a case that stands for no use is a
finding at its place. `any` stands for everything that the policy declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from purposegate.engine.decision import Reason
from purposegate.engine.judge import Engine
from purposegate.engine.use import Context, Use
from purposegate.findings import Location
from purposegate.policy.document import Day, Line, Section, Truth, one_or_several, version

# What a case expects that is content with any reason.
DENIED: Final = "denied"

Several = Annotated[tuple[Line, ...], Field(strict=False, min_length=1, fail_fast=True), BeforeValidator(one_or_several)]
Some = Annotated[tuple[Line, ...], Field(strict=False, fail_fast=True), BeforeValidator(one_or_several)]


class CaseUse(Section):
    """The use that is judged; a list stands for each of what it lists."""

    data: Several = Field(description="The data category.")
    purpose: Several = Field(description="The purpose.")
    recipient: Several | SkipJsonSchema[None] = Field(default=None, description="Who gets the data; by default the controller.")
    channel: Several | SkipJsonSchema[None] = Field(default=None, description="The way in which the data reach the recipient.")
    subject: Line | SkipJsonSchema[None] = Field(default=None, description="The id of some person, where a ledger is asked.")


class Given(Section):
    """What is known when the use is judged."""

    shown: Some = Field(default=(), description="The conditions that are shown.")
    objections: Some = Field(default=(), description="The person's objections that are in force.")
    ledger: Literal["consulted", "not-consulted"] = Field(default="not-consulted", description="Whether a ledger was asked.")
    registered: Truth | SkipJsonSchema[None] = Field(default=None, description="Whether it knows the instance of the recipient.")
    at: Day | SkipJsonSchema[None] = Field(default=None, description="The day; by default one on which the policy is in force.")


class CaseEntry(Section):
    """One case."""

    name: Line = Field(description="A sentence that says what is expected.")
    use: CaseUse = Field(description="The use that is judged.")
    given: Given = Field(default=Given.model_construct(), description="What is known when it is judged.")
    expect: Line = Field(description="`permitted`, `denied` for whatever reason, or the reason of the denial.")
    clauses: Annotated[tuple[Line, ...], Field(strict=False, fail_fast=True)] | SkipJsonSchema[None] = Field(
        default=None, description="The clauses that decide, all of them."
    )
    unmet: Annotated[tuple[Line, ...], Field(strict=False, fail_fast=True)] | SkipJsonSchema[None] = Field(
        default=None, description="The conditions that are not shown, all of them."
    )


class CaseFile(Section):
    """Cases of one policy."""

    purposegate_test: Annotated[int, BeforeValidator(version)] = Field(
        alias="purposegate-test", description="The version of the format."
    )
    policy: Line = Field(description="The file of the policy, beside this one.")
    cases: tuple[CaseEntry, ...] = Field(strict=False, description="Uses, and the verdicts that are expected.")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: every use that it stands for, what is known of them, and what is expected of each.

    `reason` is None where any denial is expected; `clauses` and `unmet` are None where the case says nothing of them.
    """

    name: str
    place: Location
    uses: tuple[Use, ...]
    context: Context
    reason: Reason | None
    clauses: frozenset[str] | None
    unmet: frozenset[str] | None

    @property
    def verdict(self) -> str:
        """What is expected, as it is written."""
        return self.reason or DENIED


@dataclass(frozen=True, slots=True)
class Casebook:
    """A file of cases that was read, with the judge of its policy."""

    path: str
    engine: Engine
    cases: tuple[Case, ...]
