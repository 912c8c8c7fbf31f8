"""The class is patched for a whole test."""

from unittest import mock

from purposegate import Gate


def test_mailer() -> None:
    with mock.patch.object(Gate, "check"):  # finds: cannot-verify
        Gate.load("policies/en-japan-video-interview.yaml").check("email_address", "send_service_email")
