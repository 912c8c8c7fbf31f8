"""A job that asks, by another name, and reads."""

from . import Applicant
from . import require as ensure_mail_is_allowed


def digest(applicants: list[Applicant]) -> list[str]:
    lines = []
    for applicant in applicants:
        ensure_mail_is_allowed(applicant.id)
        lines.append(f"{applicant.id}: {applicant.email}")
    return lines
