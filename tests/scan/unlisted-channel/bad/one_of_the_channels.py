"""One of the channels of the loop is not listed."""

from purposegate import Gate

gate = Gate.load("tests/scan/policies/magazine.yaml")
CHANNELS = ("courier", "fax")


def announce(company: str) -> list[str]:
    sent = []
    for channel in CHANNELS:
        if gate.decide("postal_address", "deliver_magazine", f"delivery_company/{company}", channel=channel):  # finds: unlisted-channel
            sent.append(channel)
    return sent
