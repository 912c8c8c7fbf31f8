"""A small video-interview service whose data-access functions go through the gate. Run it with `make demo`.

Two gates stand one behind the other: the published policy of en Japan, and the service's own rule that an employer sees only
those who applied to it. What either refuses does not happen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from purposegate import (
    Agreement,
    Gate,
    LodgedObjection,
    MemoryLedger,
    MemorySink,
    Personal,
    PurposeViolation,
    Use,
)

HERE = Path(__file__).parent
POLICY = HERE.parent / "policies" / "en-japan-video-interview.yaml"
AD_NETWORK = "third_party/ad-network"


@dataclass(frozen=True)
class Applicant:
    """A job seeker: the id is opaque, everything else is personal data."""

    id: str
    name: Annotated[str, Personal("name")]
    email_address: Annotated[str, Personal("email_address")]
    video: Annotated[str, Personal("video_interview")]
    visits: Annotated[str, Personal("usage_history")]
    applied_to: Annotated[frozenset[str], Personal("targeted_employer_company")]


@dataclass(frozen=True)
class Application:
    """What an employer sees of an applicant: each gate has a word to say about it."""

    name: Annotated[str, Personal("name"), Personal("application_data")]
    video: Annotated[str, Personal("video_interview"), Personal("application_data")]


@dataclass
class HiringService:
    """Applicants, employers, a mailer and an ad exporter; every function that touches personal data asks the gate first."""

    applicants: dict[str, Applicant]
    ledger: MemoryLedger
    trail: MemorySink
    outbox: list[tuple[str, str]] = field(default_factory=list)
    exported: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = Gate.load(POLICY, ledger=self.ledger, trail=self.trail)
        self.house = Gate.load(HERE / "hiring-service.yaml", facts={"applied_to_employer": self._applied_to_employer})

    def mail_applicant(self, applicant_id: str, text: str) -> None:
        """Send an email about the service."""
        self.published.check("email_address", "send_service_email", subject=applicant_id)
        self.outbox.append((self.applicants[applicant_id].email_address, text))

    def show_interview(self, applicant_id: str, employer: str) -> str:
        """Show an applicant's interview to an employer, on the website."""
        recipient = f"employer_company/{employer}"
        self.house.check("application_data", "show_to_employer", recipient, subject=applicant_id)
        for data_category in ("name", "video_interview"):
            self.published.check(data_category, "view_video_interview", recipient, subject=applicant_id, channel="website")
        applicant = self.applicants[applicant_id]
        application = Application(applicant.name, applicant.video)
        return f"{application.name}: {application.video}"

    def export_video_to_ad_network(self, applicant_id: str) -> None:
        """Hand an interview to an ad network."""
        # purposegate: ignore[undeclared-purpose] the story shows how the gate blocks it
        self.published.check("video_interview", "distribute_advertising", AD_NETWORK, subject=applicant_id, channel="website")
        self.exported.append(self.applicants[applicant_id].video)

    def export_visits_to_ad_network(self, applicant_id: str) -> None:
        """Hand a usage history to an ad network."""
        # purposegate: ignore[unlisted-recipient] the story shows how the gate blocks it
        self.published.check("usage_history", "distribute_advertising", AD_NETWORK, subject=applicant_id, channel="website")
        self.exported.append(self.applicants[applicant_id].visits)

    def transcribe_interview(self, applicant_id: str, provider: str) -> str:
        """Have a service provider write down an interview."""
        recipient = f"service_provider/{provider}"
        self.published.check("video_interview", "create_evaluation_result", recipient, subject=applicant_id)
        return f"transcript of {self.applicants[applicant_id].video}"

    def answer_disclosure_request(self, applicant_id: str) -> str:
        """Tell an applicant what is held about them."""
        self.published.check("personal_information", "respond_to_disclosure_request", "data_subject", subject=applicant_id)
        applicant = self.applicants[applicant_id]
        return f"{applicant.name}, {applicant.email_address}, {applicant.video}"

    def _applied_to_employer(self, use: Use) -> bool:
        applicant = self.applicants.get(use.subject or "")
        # purposegate: ignore[unguarded-read] the gate itself asks, and what is read stays here
        return applicant is not None and (use.recipient or "").partition("/")[2] in applicant.applied_to


def main() -> None:
    """Tell the story of one morning at the service."""
    logging.getLogger("purposegate").addHandler(logging.NullHandler())  # the story shows what the log would say
    now = datetime.now(UTC)
    ledger = MemoryLedger(["employer_company/acme", "employer_company/globex", AD_NETWORK, "service_provider/scribe"])
    trail = MemorySink()
    applicant = Applicant("a-1", "Hanako Sato", "hanako@example.com", "interview-1.mp4", "monday", frozenset({"acme"}))
    service = HiringService({"a-1": applicant}, ledger, trail)

    story = Story(trail)
    story.tell("The mailer reminds applicant a-1 of her interview.", lambda: service.mail_applicant("a-1", "tomorrow at ten"))
    story.tell("Acme, to which she applied, watches her interview.", lambda: service.show_interview("a-1", "acme"))
    story.tell("Globex, to which she did not apply, tries to watch it.", lambda: service.show_interview("a-1", "globex"))
    story.tell("The ad exporter sends her video to an ad network.", lambda: service.export_video_to_ad_network("a-1"))
    story.tell("Then it tries her usage history.", lambda: service.export_visits_to_ad_network("a-1"))
    story.tell(
        "A provider that signed nothing is to transcribe the interview.", lambda: service.transcribe_interview("a-1", "scribe")
    )
    signed = frozenset({"satisfactory_experience", "confidentiality_agreement"})
    ledger.enter(
        Agreement(
            "service_provider/scribe", signed, "any", "any", begins=now, reference="2026/7", selection="review 3", country="JP"
        )
    )
    story.tell("It signs the agreement of article 5.", lambda: service.transcribe_interview("a-1", "scribe"))
    ledger.enter(LodgedObjection("a-1", "suspend_use", lodged=now))
    story.tell(
        "She asks to suspend the use of her data; the mailer tries again.", lambda: service.mail_applicant("a-1", "any news?")
    )
    story.tell("She asks what is held about her.", lambda: service.answer_disclosure_request("a-1"))

    permitted = sum(record.decision.permitted for record in trail.records)
    print(
        f"The trail holds {len(trail.records)} decisions of the published policy: {permitted} permitted,"
        f" {len(trail.records) - permitted} denied. The ledger holds {len(ledger.releases())} provisions to others."
    )


@dataclass
class Story:
    """Tries uses and prints what came of them; the data themselves are nobody's business here."""

    trail: MemorySink

    def tell(self, what: str, use: Callable[[], object]) -> None:
        """Print what is tried, and then the clauses that permitted or blocked it."""
        print(what)
        before = len(self.trail.records)
        try:
            use()
        except PurposeViolation as violation:
            headline, *rest = str(violation).replace(f"{HERE.parent}/", "").splitlines()
            print(f"  BLOCKED  {headline}")
            for line in rest:
                print(f"           {line}")
        else:
            for record in self.trail.records[before:]:
                decision = record.decision
                clauses = " and ".join(f"clause {clause}" for clause in decision.clauses)
                print(f"  done     `{decision.data_category}` for `{decision.purpose}` by `{decision.recipient}`: {clauses}")
        print()


if __name__ == "__main__":
    main()
