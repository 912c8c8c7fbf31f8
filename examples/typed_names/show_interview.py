"""A service that names data by the constants of its policy: a misspelt name is an error in the editor and in CI.

`policy_names.py` is what `purposegate generate` made of the policy. The constants are plain text, which the gate looks up at once.
"""

from pathlib import Path
from typing import Annotated

from policy_names import DataCategory, Purpose, employer_company, typed

from purposegate import Gate, Personal

POLICY = Path(__file__).parents[2] / "policies" / "en-japan-video-interview.yaml"

gate = typed(Gate.load(POLICY))


def show(interview: Annotated[str, Personal(DataCategory.VIDEO_INTERVIEW)], screen: list[str]) -> None:
    """Show an interview to an employer."""
    shown = gate.check(DataCategory.VIDEO_INTERVIEW, Purpose.VIEW_VIDEO_INTERVIEW, employer_company("acme"))
    screen.append(interview)
    print(f"{shown.recipient} may watch the interview, by clauses {', '.join(shown.clauses)}")


show("interview-1.mp4", [])

# purposegate: ignore[undeclared-purpose] what is printed is that it is denied
refused = gate.decide(DataCategory.VIDEO_INTERVIEW, Purpose.DISTRIBUTE_ADVERTISING)
print(f"{refused.recipient} may not advertise with it: {refused.reason}")
