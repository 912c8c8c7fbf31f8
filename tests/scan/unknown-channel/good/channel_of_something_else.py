"""`channel` of a message broker is none of the policy's."""

from typing import Any

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def publish(broker: Any, candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)
    broker.publish(candidate_id, channel="mails")
    broker.check("queue-1", channel="mails")
