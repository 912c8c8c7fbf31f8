"""A loop over pairs takes the category apart from a title that is none."""

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
COLUMNS = (("Name", "name"), ("Interview", "video_interview"), ("Result", "evaluation_result"))


def header(employer: str) -> list[str]:
    titles = []
    for title, data_category in COLUMNS:
        gate.check(data_category, "view_evaluation_result", f"employer_company/{employer}")
        titles.append(title)
    return titles
