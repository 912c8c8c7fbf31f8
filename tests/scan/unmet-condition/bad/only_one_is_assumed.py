"""Of the two conditions of article 5 only one is taken to hold."""
# assumes: confidentiality_agreement

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


def backup(bucket: str) -> str:
    gate.check("personal_information", "provide_service", "service_provider/storage")  # finds: unmet-condition
    return f"s3://{bucket}"
