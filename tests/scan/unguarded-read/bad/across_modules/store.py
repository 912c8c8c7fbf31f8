"""Where applicants are kept."""

from .models import Applicant


class Store:
    def __init__(self) -> None:
        self._by_id: dict[str, Applicant] = {}

    def get(self, applicant_id: str) -> Applicant:
        return self._by_id[applicant_id]
