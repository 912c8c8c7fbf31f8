"""Categories above and below in the tree are all known."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("personal_information", "user_information", "relevant_information", purpose="analyse_to_improve")
def train(dataset: str) -> str:
    gate.check("browsing_information", "obtain_statistics")
    return dataset
