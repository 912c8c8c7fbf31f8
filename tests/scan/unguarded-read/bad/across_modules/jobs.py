"""A job that imports from the package and reads."""

from . import Store


def digest(store: Store, applicant_ids: list[str]) -> list[str]:
    lines = []
    for applicant_id in applicant_ids:
        applicant = store.get(applicant_id)
        lines.append(f"{applicant_id}: {applicant.email}")  # finds: unguarded-read
    return lines
