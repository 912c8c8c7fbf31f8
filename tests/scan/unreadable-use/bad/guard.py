"""What the guard asks for is decided when the module is imported."""

from os import getenv

from purposegate import Gate

PURPOSE = getenv("PURPOSE", "send_service_email")
gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("email_address", purpose=PURPOSE)  # finds: unreadable-use
def address(candidate_id: str) -> str:
    return f"{candidate_id}@relay.example.com"
