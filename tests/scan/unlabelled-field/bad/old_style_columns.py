"""Columns without annotations bear no labels either."""

from typing import Annotated

from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class Applicant(Base):
    __tablename__ = "applicants"

    id = Column(Integer, primary_key=True)
    phone_number = Column(String(30))  # finds: unlabelled-field
    name: Mapped[Annotated[str, Personal("name")]] = mapped_column(String(80))
