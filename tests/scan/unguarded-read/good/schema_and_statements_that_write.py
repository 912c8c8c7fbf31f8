"""To look at the class, to insert and to update reads no data."""

from typing import Annotated

from sqlalchemy import insert, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def create(session: Session, address: str) -> list[str]:
    session.execute(insert(User).values(email=address))
    session.execute(update(User).where(User.id == 1).values(email=""))
    session.add(User(email=address))
    return sorted(User.__annotations__)
