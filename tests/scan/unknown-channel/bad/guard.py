"""A guard names a channel that is not declared."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("evaluation_result", purpose="view_evaluation_result", recipient="employer_company", channel="sftp")  # finds: unknown-channel
def upload(employer: str) -> str:
    return f"sftp://{employer}.example.com/inbox"
