"""A path that cannot be told names the project's policy."""

import os

from purposegate import Gate

gate = Gate.load(os.environ["PRIVACY_POLICY"])


def remind(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)
