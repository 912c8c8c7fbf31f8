"""Which employer it is need not be told; its class is a literal."""

from fastapi import FastAPI

from purposegate import From, Gate

app = FastAPI()
gate = Gate.load("policies/en-japan-video-interview.yaml")


@app.get("/employers/{employer}/applicants/{applicant_id}")
def show(employer: str, applicant_id: str) -> str:
    gate.check("name", "view_video_interview", f"employer_company/{employer}", subject=applicant_id)
    return player(employer, applicant_id)


@gate.guard(
    "video_interview",
    purpose="view_video_interview",
    recipient=From(lambda employer: f"employer_company/{employer}"),
    subject=From("applicant_id"),
)
def player(employer: str, applicant_id: str) -> str:
    return f"/play/{employer}/{applicant_id}"
