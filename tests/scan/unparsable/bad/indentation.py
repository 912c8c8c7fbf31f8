"""A line is indented by nobody's leave."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def mail(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email")
      print(candidate_id)  # finds: unparsable
