"""A gate bound to advertising is asked for the address."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
advertising = gate.bind("distribute_advertising")


def segment(candidate_id: str) -> tuple[str, ...]:
    advertising.check("attribute_information", subject=candidate_id)
    advertising("email_address", subject=candidate_id)  # finds: undeclared-purpose
    return ("age", "region", "mail domain")
