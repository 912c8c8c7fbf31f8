"""Two partials, one over the other, come to a known purpose."""

from functools import partial

from purposegate import Gate

gate = Gate.load("policies/en-japan-video-interview.yaml")
for_person = partial(gate.check, recipient="data_subject")
for_support = partial(for_person, purpose="respond_to_inquiries")


def answer(candidate_id: str) -> None:
    for_support("inquiry", subject=candidate_id)
