"""The gate with a ledger comes from a function in which a database is opened."""

from functools import cache

from purposegate import Gate
from purposegate.ledger.sql import SqlLedger


@cache
def the_gate() -> Gate:
    return Gate.load("policies/en-japan-video-interview.yaml", ledger=SqlLedger("postgresql+psycopg://localhost/ledger"))


def monitor() -> str:
    the_gate().check("usage_history", "monitor_usage")  # finds: subject-required
    return "dashboard"
