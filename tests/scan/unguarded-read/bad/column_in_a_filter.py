"""Filtering and ordering by a labelled column tells what stands in it."""

from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class Applicant(Base):
    __tablename__ = "applicants"

    id: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[Annotated[int, Personal("evaluation_result")]]


def best(session: Session, count: int) -> list[int]:
    statement = select(Applicant.id).order_by(Applicant.score.desc()).limit(count)  # finds: unguarded-read
    return list(session.scalars(statement))
