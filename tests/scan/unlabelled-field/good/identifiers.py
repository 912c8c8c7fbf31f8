"""Opaque ids, counts and instants are not personal by their names."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from purposegate import Personal


class Base(DeclarativeBase):
    pass


class Interview(Base):
    __tablename__ = "interviews"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"))
    recorded_at: Mapped[datetime]
    length_in_seconds: Mapped[int]
    video: Mapped[Annotated[str, Personal("video_interview")]]
