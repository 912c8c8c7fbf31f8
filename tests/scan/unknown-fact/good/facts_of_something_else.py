"""`facts` of another class are no facts of a policy."""

from dataclasses import dataclass, field

from purposegate import Gate


@dataclass
class Report:
    title: str
    facts: dict[str, str] = field(default_factory=dict)


gate = Gate.load("policies/en-japan-video-interview.yaml", facts={})
report = Report("usage", facts={"visits": "many"})
