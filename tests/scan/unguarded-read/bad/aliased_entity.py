"""The column is selected through an alias of the entity."""

from typing import Annotated

from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def doubles(session: Session) -> list[int]:
    other = aliased(User)
    statement = select(User.id).join(other, User.email == other.email)  # finds: unguarded-read
    return list(session.scalars(statement))
