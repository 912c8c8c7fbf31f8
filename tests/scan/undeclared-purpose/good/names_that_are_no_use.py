"""The names stand in texts and in calls that ask no gate."""

import logging

from purposegate import Gate

log = logging.getLogger(__name__)
gate = Gate.load("policies/en-japan-video-interview.yaml")
REFUSED = [("video_interview", "distribute_advertising"), ("name", "distribute_advertising")]


def explain() -> str:
    log.info("%s is not used for %s", "video_interview", "distribute_advertising")
    lines = [f"{data_category}: never for {purpose}" for data_category, purpose in REFUSED]
    return "\n".join(lines)


def remind(candidate_id: str) -> None:
    gate.check("email_address", "send_service_email", subject=candidate_id)
