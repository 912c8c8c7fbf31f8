"""A task loads a candidate by its id and mails it."""

from typing import Annotated

from celery import Celery
from pydantic import BaseModel

from purposegate import Personal

app = Celery("hiring")


class Candidate(BaseModel):
    id: str
    email: Annotated[str, Personal("email_address")]


class Repository:
    def __init__(self) -> None:
        self._rows: dict[str, Candidate] = {}

    def get(self, candidate_id: str) -> Candidate:
        return self._rows[candidate_id]


repository = Repository()


@app.task(bind=True, max_retries=3)
def remind(self, candidate_id: str) -> None:
    candidate = repository.get(candidate_id)
    try:
        print("mail to", candidate.email)  # finds: unguarded-read
    except OSError as error:
        raise self.retry(exc=error) from error
