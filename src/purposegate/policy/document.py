"""The policy file as it is written: one model a section, strict and frozen (DESIGN §3).

`purposegate schema` prints these models as JSON Schema. They say what a place may hold; whether names are declared and quotes
stand in the prose is checked by `reader` and `prose`.
"""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from purposegate.policy.markup import Quoted
from purposegate.policy.terms import Role, ShownBy

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_WINDOW = re.compile(r"P([1-9][0-9]{0,3})([DW])\Z")
_KEYS_READ = 40
_FIRST_YEAR = 1900


def _truth(value: object) -> bool:
    if value in ("true", "false") and not isinstance(value, Quoted):
        return value == "true"
    raise PydanticCustomError("truth", "expected `true` or `false`")


def version(value: object) -> int:
    """Take the one version of a format that there is."""
    if value == "1" and not isinstance(value, Quoted):
        return 1
    raise PydanticCustomError("version", "expected format version 1")


def _day(value: object) -> date:
    if isinstance(value, str) and _DAY.match(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if _FIRST_YEAR <= day.year < date.max.year:  # the ends of the calendar leave no room for a time zone
            return day
    raise PydanticCustomError("day", "expected a day, as 2020-03-09")


def _window(value: object) -> timedelta:
    found = _WINDOW.match(value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("window", "expected a number of days or weeks, as `P7D` or `P1W`")
    return timedelta(**{"days" if found[2] == "D" else "weeks": int(found[1])})


def one_or_several(value: object) -> object:
    """Take one text for a list of it."""
    return [value] if isinstance(value, str) else value


def _any_or_list(value: object) -> str:
    return "any" if isinstance(value, str) else "list"


Text = Annotated[str, Field(min_length=1)]
# What stands in one line of a message.
Line = Annotated[str, Field(min_length=1, pattern=r"^[^\n\r]*$")]
Clause = Annotated[Line, Field(description="Where in the prose the rule comes from, as `4(2)B`.")]
Quote = Annotated[str, Field(min_length=1, description="Verbatim text of the prose that anchors the entry.")]
Reading = Annotated[
    Annotated[str, Field(min_length=1)] | SkipJsonSchema[None],
    Field(description="How the prose was interpreted, for counsel to sign."),
]
Truth = Annotated[bool, BeforeValidator(_truth), WithJsonSchema({"type": "boolean"})]
Day = Annotated[date, BeforeValidator(_day)]
# References are checked against the declared names, so their spelling needs no check of its own.
_NAME_SCHEMA: dict[str, Any] = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
Name = Annotated[str, WithJsonSchema(_NAME_SCHEMA)]
Names = Annotated[tuple[Name, ...], Field(strict=False, fail_fast=True)]
SomeNames = Annotated[tuple[Name, ...], Field(strict=False, min_length=1, fail_fast=True)]
Scope = Annotated[Annotated[Literal["any"], Tag("any")] | Annotated[SomeNames, Tag("list")], Discriminator(_any_or_list)]


class Section(BaseModel):
    """What all parts of the file have in common: every key known, nothing converted, nothing changed later."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _bound_unknown_keys(cls, value: Any) -> Any:  # noqa: ANN401 - whatever stood in the file
        # A mapping of a million unknown keys would cost a million errors of pydantic's: enough are kept to complain of.
        if not isinstance(value, dict) or len(value) <= _KEYS_READ:
            return value
        known = {field.alias or name for name, field in cls.model_fields.items()}
        dropped = frozenset([key for key in value if key not in known][_KEYS_READ:])
        return {key: item for key, item in value.items() if key not in dropped}


class Header(Section):
    """Who promises, in which revision, and where the published text stands."""

    id: Line = Field(description="A short name of the policy.")
    title: Line = Field(description="The policy's title, for people.")
    controller: Name = Field(description="The recipient that the policy binds: the company itself.")
    revision: Line = Field(description="The revision, in the words of the prose.")
    effective: Day | SkipJsonSchema[None] = Field(
        default=None,
        description="Before this day, as it begins in the amendments' time zone or else in UTC, the policy is not in force.",
    )
    contact: Text = Field(description="Who answers requests and complaints.")
    prose: Text = Field(description="The file with the published text, beside this one.")


class Category(Section):
    """A kind of personal data."""

    parent: Annotated[
        Names,
        BeforeValidator(one_or_several),
        WithJsonSchema({"anyOf": [_NAME_SCHEMA, {"type": "array", "items": _NAME_SCHEMA}]}),
    ] = Field(default=(), description="The category, or list of categories, that this one lies under.")
    clause: Clause | SkipJsonSchema[None] = Field(default=None, description="Where in the prose the name comes from.")
    quote: Quote | SkipJsonSchema[None] = Field(default=None, description="Verbatim text of the prose that says it.")
    reading: Reading = None


class Purpose(Section):
    """Why data are used."""

    parent: Name | SkipJsonSchema[None] = Field(default=None, description="The purpose that this one lies under.")
    clause: Clause | SkipJsonSchema[None] = Field(default=None, description="Where in the prose the name comes from.")
    quote: Quote | SkipJsonSchema[None] = Field(default=None, description="Verbatim text of the prose that says it.")
    reading: Reading = None


class Recipient(Section):
    """Who gets the data: a class of recipients; instances are written `class/id`."""

    role: Annotated[Role, Field(strict=False)] | SkipJsonSchema[None] = Field(
        default=None, description="Stated at the root of a tree."
    )
    parent: Name | SkipJsonSchema[None] = Field(default=None, description="The recipient that this one lies under.")
    clause: Clause | SkipJsonSchema[None] = Field(default=None, description="Where in the prose the name comes from.")
    quote: Quote | SkipJsonSchema[None] = Field(default=None, description="Verbatim text of the prose that says it.")
    reading: Reading = None


class Channel(Section):
    """A way in which data reach a recipient."""

    clause: Clause | SkipJsonSchema[None] = Field(default=None, description="Where in the prose the name comes from.")
    quote: Quote | SkipJsonSchema[None] = Field(default=None, description="Verbatim text of the prose that says it.")
    reading: Reading = None


class Condition(Section):
    """What must be shown to be true before a rule applies."""

    clause: Clause | SkipJsonSchema[None] = Field(default=None, description="Where in the prose the name comes from.")
    quote: Quote | SkipJsonSchema[None] = Field(default=None, description="Verbatim text of the prose that says it.")
    shown_by: Annotated[ShownBy, Field(strict=False)] = Field(description="Who can establish it.")
    reading: Reading = None


class Exclusion(Section):
    """What a rule leaves out: it covers no name that overlaps one of these."""

    data: Names = Field(default=(), description="Data categories that the rule leaves out.")
    purposes: Names = Field(default=(), description="Purposes that the rule leaves out.")
    recipients: Names = Field(default=(), description="Recipients that the rule leaves out.")


class _Rule(Section):
    clause: Clause
    quote: Quote
    purposes: Scope = Field(description="The purposes it covers, with all that lies under them; or `any`.")
    data: Scope = Field(description="The data categories it covers, with all that lies under them; or `any`.")
    conditions: Names = Field(description="All of them must be shown; `[]` for none.")
    reading: Reading = None
    exclusion: Exclusion = Field(default=Exclusion.model_construct(), alias="except", description="What it leaves out.")


class UseClause(_Rule):
    """What the controller may do."""

    provision_only: Truth = Field(default=False, description="Opens the purpose for giving data to others, and nothing else.")


class Provision(_Rule):
    """To whom the controller may give what. Exceptions have the same shape."""

    recipients: Scope = Field(description="Who may receive the data, with all that lies under them; or `any`.")
    channels: Scope = Field(description="The ways in which the data may reach them; or `any`.")


class Objection(Section):
    """A request of the person that takes their data out of a use."""

    clause: Clause
    quote: Quote
    data: Scope = Field(description="The data categories that it takes out; or `any`.")
    purposes: Scope = Field(description="The purposes that it ends; or `any`.")
    recipients: Scope = Field(description="The recipients that it stops; or `any`.")
    exempt: Annotated[tuple[Text, ...], Field(strict=False, fail_fast=True)] = Field(
        description="Clauses whose rules grant in spite of it."
    )
    reading: Reading = None


class Amendments(Section):
    """How the policy may change."""

    clause: Clause
    quote: Quote
    window: Annotated[
        timedelta, BeforeValidator(_window), WithJsonSchema({"type": "string", "pattern": "^P[1-9][0-9]{0,3}[DW]$"})
    ] = Field(description="How long a person may object after the notice, as `P7D`.")
    silence: Literal["accepts", "never"] = Field(description="Whether using the service on without objecting accepts.")
    time_zone: Text = Field(description="An IANA time zone: where the policy's days begin.")
    reading: Reading = None


class Never(Section):
    """What no rule may ever permit; tested when the policy is read."""

    data: Scope = Field(description="The data categories that must not be used so; or `any`.")
    purposes: Scope = Field(description="The purposes for which they must not be used; or `any`.")
    recipients: Scope = Field(description="The recipients that must not receive them; or `any`.")
    unless: Names = Field(description="Conditions, any of which may permit it.")


class Unenforced(Section):
    """What the prose says and code cannot enforce."""

    clause: Clause
    quote: Quote
    why: Text = Field(description="Why code cannot enforce it, or where it is recorded instead.")


class Question(Section):
    """A gap in the prose that counsel must settle."""

    clause: Clause
    quote: Quote
    question: Text = Field(description="What counsel is asked.")


class Document(Section):
    """A published privacy policy, clause by clause: which data for which purposes to which recipients."""

    model_config = ConfigDict(title="purposegate policy")

    purposegate: Annotated[int, BeforeValidator(version), WithJsonSchema({"const": 1})] = Field(
        description="The version of the format."
    )
    policy: Header = Field(description="Who promises what, and where the published text stands.")
    categories: dict[Name, Category] = Field(default={}, description="Kinds of personal data.")
    purposes: dict[Name, Purpose] = Field(default={}, description="Why data are used.")
    recipients: dict[Name, Recipient] = Field(default={}, description="Who gets data.")
    channels: dict[Name, Channel] = Field(default={}, description="Ways in which data reach a recipient.")
    conditions: dict[Name, Condition] = Field(default={}, description="What rules may require to be shown.")
    uses: tuple[UseClause, ...] = Field(default=(), strict=False, description="What the controller may do.")
    provisions: tuple[Provision, ...] = Field(default=(), strict=False, description="To whom it may give what.")
    exceptions: tuple[Provision, ...] = Field(default=(), strict=False, description="What is permitted by way of exception.")
    objections: dict[Name, Objection] = Field(default={}, description="Requests that take data out of a use.")
    amendments: Amendments | SkipJsonSchema[None] = Field(default=None, description="How the policy may change.")
    never: tuple[Never, ...] = Field(default=(), strict=False, description="What no rule may ever permit.")
    unenforced: tuple[Unenforced, ...] = Field(default=(), strict=False, description="What code cannot enforce.")
    questions: tuple[Question, ...] = Field(default=(), strict=False, description="Gaps that counsel must settle.")
