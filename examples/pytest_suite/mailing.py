"""What a small service does with addresses."""

from purposegate import Gate


def remind(gate: Gate, address: str, outbox: list[str]) -> None:
    """Mail a reminder of an interview."""
    gate.check("email_address", "send_service_email")
    outbox.append(address)


def export(gate: Gate, videos: list[str], network: list[str]) -> None:
    """Give videos to an ad network."""
    gate.check("video_interview", "distribute_advertising", "third_party/ad-network")
    network.extend(videos)
