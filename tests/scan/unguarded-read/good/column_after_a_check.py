"""The repository asks before it builds the query."""

from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Gate, Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


class UserRepository:
    def __init__(self, session: Session, gate: Gate) -> None:
        self._session = session
        self._gate = gate

    def by_address(self, address: str) -> User | None:
        self._gate.check("email_address", "provide_service")
        return self._session.scalar(select(User).where(User.email == address))
