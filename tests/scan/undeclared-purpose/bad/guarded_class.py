"""The guard of a class asks for a use that can never be."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")


@gate.guard("access_history", purpose="inform_and_survey")  # finds: undeclared-purpose
class Recommender:
    def __init__(self, pages: list[str]) -> None:
        self.pages = pages

    def next_page(self, visited: set[str]) -> str | None:
        return next((page for page in self.pages if page not in visited), None)
