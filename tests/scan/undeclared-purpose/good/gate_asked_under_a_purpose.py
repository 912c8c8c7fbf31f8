"""A check that names no purpose takes the one around it."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def session(visitor_id: str) -> str:
    with gate.purpose("manage_sessions"):
        gate.check("cookie", subject=visitor_id)
        gate.check("access_history", subject=visitor_id)
    return visitor_id
