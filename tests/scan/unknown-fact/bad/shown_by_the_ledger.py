"""What an agreement shows no function can answer."""

from purposegate import Gate, Use

SIGNED = frozenset({"service_provider/scribe"})


def has_signed(use: Use) -> bool:
    return use.recipient in SIGNED


gate = Gate.load("policies/en-japan-video-interview.yaml", facts={"confidentiality_agreement": has_signed})  # finds: unknown-fact
