"""A fact that the service answers at run time."""

from purposegate import Gate, Use

APPLIED = {("a-1", "acme")}


def applied(use: Use) -> bool:
    return (use.subject or "", (use.recipient or "").partition("/")[2]) in APPLIED


def is_open(use: Use) -> bool:
    return use.recipient == "employer/acme"


gate = Gate.load("tests/scan/policies/applied.yaml", facts={"applied_to_employer": applied, "position_open": is_open})


def show(applicant_id: str, company: str) -> None:
    gate.check("application_data", "show_to_employer", f"employer/{company}", subject=applicant_id)  # finds: unmet-condition
