"""An SQLModel table bears labels like any model."""

from typing import Annotated

from sqlmodel import Field, Session, SQLModel

from purposegate import Personal


class Application(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    employer: Annotated[str, Personal("targeted_employer_company")]


def employer_of(session: Session, application_id: int) -> str | None:
    application = session.get(Application, application_id)
    return application.employer if application else None  # finds: unguarded-read
