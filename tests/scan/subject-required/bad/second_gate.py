"""Of two gates only the one with a ledger needs a subject."""

from purposegate import Gate, MemoryLedger

POLICY = "policies/en-japan-video-interview.yaml"
planning = Gate.load(POLICY)
running = Gate.load(POLICY, ledger=MemoryLedger([]))


def survey() -> None:
    planning.check("email_address", "inform_and_survey")
    running.check("email_address", "inform_and_survey")  # finds: subject-required
