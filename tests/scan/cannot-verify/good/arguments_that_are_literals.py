"""What is handed on with a star is a literal all the same."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
CATEGORIES = ("usage_history", "inquiry")


@gate.guard(*CATEGORIES, purpose="analyse_to_improve")
def analyse() -> str:
    gate.check(*("usage_history", "monitor_usage"))
    return "done"
