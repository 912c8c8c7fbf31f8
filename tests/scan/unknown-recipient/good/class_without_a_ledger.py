"""A gate without a ledger takes a class for its recipient."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=None)


def show() -> None:
    gate.check("name", "view_video_interview", "employer_company")
