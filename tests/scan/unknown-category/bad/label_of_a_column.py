"""A mapped column bears a label that the policy lost when it was renamed."""

from typing import Annotated

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class Interview(Base):
    __tablename__ = "interviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    video: Mapped[Annotated[str, Personal("interview_video")]]  # finds: unknown-category
