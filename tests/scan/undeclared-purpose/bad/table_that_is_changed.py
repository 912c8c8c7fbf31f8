"""A table of purposes gets another one after it was made."""


from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


PURPOSES = {"video": "provide_service"}
PURPOSES["video"] = "distribute_advertising"


def play() -> None:
    gate.check("video_interview", PURPOSES["video"])  # finds: undeclared-purpose
