"""Labels on every kind of class, each with a category of the policy."""

from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypedDict

import attrs
from pydantic import BaseModel
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Gate, Personal

gate = Gate.load("policies/en-japan-video-interview.yaml")
Email = Annotated[str, Personal("email_address")]


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Email]


class Candidate(BaseModel):
    name: Annotated[str | None, Personal("name")] = None


@dataclass
class Interview:
    video: Annotated[bytes, Personal("video_interview")]


@attrs.define
class Review:
    score: Annotated[int, Personal("evaluation_result")]


class Row(TypedDict, total=False):
    answer: Annotated[str, Personal("survey_response")]


class Hit(NamedTuple):
    path: str
    device: Annotated[str, Personal("terminal_information")]
