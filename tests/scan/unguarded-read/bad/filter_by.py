"""`filter_by` names the column as a keyword."""

from typing import Annotated

from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[Annotated[str, Personal("email_address")]]


def known(session: Session, address: str) -> bool:
    return session.query(User).filter_by(email=address).first() is not None  # finds: unguarded-read
