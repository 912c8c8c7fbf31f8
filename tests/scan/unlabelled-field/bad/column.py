"""A mapped column holds a day of birth."""

from datetime import date
from typing import Annotated

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]] = mapped_column(String(200))
    date_of_birth: Mapped[date | None]  # finds: unlabelled-field
