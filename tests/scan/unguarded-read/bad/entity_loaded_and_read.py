"""`session.get` gives an entity, of which the route of an old admin page reads the name."""

from typing import Annotated

from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[Annotated[str, Personal("name")]] = mapped_column("full_name")


def greeting(session: Session, user_id: int) -> str:
    user = session.get(User, user_id)
    if user is None:
        return "Hello"
    return f"Hello {user.name}"  # finds: unguarded-read
