"""The key cannot be told, but whatever it is, the purpose is one of the dictionary's."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
PURPOSES = {"reminder": "send_service_email", "survey": "inform_and_survey", "answer": "respond_to_inquiries"}


def send(topic: str, candidate_id: str) -> None:
    gate.check("email_address", PURPOSES[topic], subject=candidate_id)
