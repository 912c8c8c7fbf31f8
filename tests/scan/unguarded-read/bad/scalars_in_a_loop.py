"""Entities from `session.scalars(select(User))` are read one by one."""

from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def addresses(session: Session) -> set[str]:
    found = set()
    for user in session.scalars(select(User).where(User.id > 100)):
        found.add(user.email.lower())  # finds: unguarded-read
    return found
