"""A repository selects a labelled column."""

from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool]
    email: Mapped[Annotated[str, Personal("email_address")]]


class UserRepository:
    def __init__(self, session: Session) -> None:
        self._session = session

    def active_addresses(self) -> list[str]:
        statement = select(User.email).where(User.active)  # finds: unguarded-read
        return list(self._session.scalars(statement))
