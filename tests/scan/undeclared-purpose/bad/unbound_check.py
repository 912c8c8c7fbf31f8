"""The method is taken from the class, and handed the gate."""


from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def play() -> None:
    Gate.check(gate, "video_interview", "distribute_advertising")  # finds: undeclared-purpose
