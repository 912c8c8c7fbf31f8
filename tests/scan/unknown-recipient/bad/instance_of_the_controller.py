"""A department is no instance of the controller."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
support = gate.bind("respond_to_inquiries", "en_japan/support")  # finds: unknown-recipient
