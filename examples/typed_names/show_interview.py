"""A service that names data by the constants of its policy: a misspelt name is an error in the editor and in CI.

`policy_names.py` is what `purposegate generate` made of the policy. The constants are plain text, which the gate looks up at once.
"""

from pathlib import Path

from policy_names import DataCategory, Purpose, employer_company, typed

from purposegate import Gate

POLICY = Path(__file__).parents[2] / "policies" / "en-japan-video-interview.yaml"

gate = typed(Gate.load(POLICY))

shown = gate.check(DataCategory.VIDEO_INTERVIEW, Purpose.VIEW_VIDEO_INTERVIEW, employer_company("acme"))
print(f"{shown.recipient} may watch the interview, by clauses {', '.join(shown.clauses)}")

refused = gate.decide(DataCategory.VIDEO_INTERVIEW, Purpose.DISTRIBUTE_ADVERTISING)
print(f"{refused.recipient} may not advertise with it: {refused.reason}")
