"""What a small service does with addresses."""

from typing import Annotated

from purposegate import Gate, Personal


def remind(gate: Gate, address: Annotated[str, Personal("email_address")], outbox: list[str]) -> None:
    """Mail a reminder of an interview."""
    gate.check("email_address", "send_service_email")
    outbox.append(address)


def export(gate: Gate, videos: Annotated[list[str], Personal("video_interview")], network: list[str]) -> None:
    """Give videos to an ad network."""
    gate.check("video_interview", "distribute_advertising", "third_party/ad-network")
    network.extend(videos)
