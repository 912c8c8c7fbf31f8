"""The channel of a block is not declared."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def batch(employer: str) -> str:
    with gate.purpose("view_evaluation_result", f"employer_company/{employer}", channel="fax"):  # finds: unknown-channel
        return f"fax:{employer}"
