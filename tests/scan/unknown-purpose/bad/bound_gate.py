"""A gate is bound to a purpose that is none; the calls of it are not told once more."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
release = gate.bind("video_screening", "employer_company")  # finds: unknown-purpose


def screen(applicant_id: str) -> str:
    release("video_interview", subject=applicant_id)
    return f"/screen/{applicant_id}"
