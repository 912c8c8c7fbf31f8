"""Comments of other tools have other words."""

from typing import Any

from purposegate import Gate

gate: Any = Gate.load("policies/en-japan-video-interview.yaml")  # type: ignore[no-any-return]


def mail(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)  # pragma: no cover  # noqa: S106
