"""A patch names the method by text."""

from unittest.mock import patch

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@patch("purposegate.Gate.check")  # finds: cannot-verify
def test_mail(check: object) -> None:
    gate.check("email_address", "send_service_email")
