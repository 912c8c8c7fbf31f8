"""The query names only columns without a label."""

from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    active: Mapped[bool]
    email: Mapped[Annotated[str, Personal("email_address")]]


def count_active(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(User).where(User.active, User.id > 0)) or 0
