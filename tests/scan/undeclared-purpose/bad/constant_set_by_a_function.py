"""A function sets the purpose of its module anew."""


from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


PURPOSE = "provide_service"


def for_advertising() -> None:
    global PURPOSE
    PURPOSE = "distribute_advertising"


def play() -> None:
    gate.check("video_interview", PURPOSE)  # finds: undeclared-purpose
