"""Instances of the classes that take them, written in each way."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def show(employer: str, branch: int) -> None:
    gate.check("name", "view_video_interview", "employer_company/acme")
    gate.check("name", "view_video_interview", "employer_company/acme-2.tokyo_x")
    gate.check("name", "view_video_interview", f"employer_company/{employer}-{branch}")
    gate.check("name", "view_video_interview", "employer_company/%s" % employer)
    gate.check("name", "view_video_interview", "employer_company/{}".format(employer))
