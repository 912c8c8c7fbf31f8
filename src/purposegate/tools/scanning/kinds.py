"""The page of each kind of finding that a scan of code has, in the form of a lint rule's; the examples go by the shipped policy."""

from __future__ import annotations

from typing import Final

from purposegate.findings import Severity
from purposegate.tools.linting.registry import Register, Rule

SCAN: Final = Register("scan", "python")
page = SCAN.page

# What people are told apart from the rest, by its heading.
SECTIONS: Final = {
    "unmet-condition": "conditional",
    "label-never-used": "in the census",
    "use-without-label": "in the census",
    "declared-never-used": "in the census",
    "unknown-receiver": "of unknown objects",
}


def kinds() -> tuple[Rule, ...]:
    """Give the pages of all kinds, by their slugs."""
    return tuple(sorted(SCAN.registered(), key=lambda kind: kind.slug))


def ignorable() -> frozenset[str]:
    """Give the slugs that may be passed over: not that a file was not looked at, nor what is said of comments."""
    return frozenset(kind.slug for kind in kinds() if kind.can_be_ignored)


@page(Severity.ERROR)
def unknown_category() -> None:
    """Flag a use or a label that names a data category which the policy does not know.

    Why: at run time the use is denied, and a label that nobody knows protects nothing.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("emial_address", "send_service_email")
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.ERROR)
def unknown_purpose() -> None:
    """Flag a use that names a purpose which the policy does not know.

    Why: nobody was told of it, and at run time the use is denied.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_mail")
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.ERROR)
def unknown_recipient() -> None:
    """Flag a use that names a recipient whose class the policy does not know.

    Why: nobody was told that it gets the data, and at run time the use is denied.

    Avoid:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "employer/acme")
    Prefer:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "employer_company/acme")
    """


@page(Severity.ERROR)
def unknown_channel() -> None:
    """Flag a use that names a channel which the policy does not know.

    Why: the policy says by which ways data go out, and this is none of them.

    Avoid:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "employer_company/acme", channel="fax")
    Prefer:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "employer_company/acme", channel="website")
    """


@page(Severity.ERROR)
def subject_required() -> None:
    """Flag a use at a gate with a ledger that does not say whose data it is of.

    Why: whether the person has consented or objected cannot be looked up, and at run time the use is denied.

    Avoid:
        gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger())
        gate.check("email_address", "send_service_email")
    Prefer:
        gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger())
        gate.check("email_address", "send_service_email", subject="p1")
    """


@page(Severity.ERROR)
def channel_required() -> None:
    """Flag a use by a third party at a gate with a ledger that does not say by which channel the data go out.

    Why: what is provided is recorded with the way it went, and at run time the use is denied.

    Avoid:
        gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger())
        gate.check("name", "view_video_interview", "employer_company/acme", subject="p1")
    Prefer:
        gate = Gate.load("policies/en-japan-video-interview.yaml", ledger=MemoryLedger())
        gate.check("name", "view_video_interview", "employer_company/acme", subject="p1", channel="website")
    """


@page(Severity.ERROR)
def undeclared_purpose() -> None:
    """Flag a use of a data category for a purpose that no clause of the policy opens it for.

    Why: the published policy does not say that these data are used so, and at run time the use is denied.

    Avoid:
        def target(gate: Gate) -> None:
            gate.check("video_interview", "distribute_advertising")
    Prefer:
        def target(gate: Gate) -> None:
            gate.check("attribute_information", "distribute_advertising")
    """


@page(Severity.ERROR)
def unlisted_recipient() -> None:
    """Flag a use by a recipient to whom no provision of the policy gives these data for this purpose.

    Why: the published policy does not say that it gets them; what only an exception could permit is told in the help.

    Avoid:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "third_party/ad-co")
    Prefer:
        def show(gate: Gate) -> None:
            gate.check("name", "view_video_interview", "employer_company/acme")
    """


@page(Severity.ERROR)
def unlisted_channel() -> None:
    """Flag a use by a channel that the provision does not list.

    Why: the published policy says by which ways these data go out.

    Avoid:
        gate = Gate.load("policies/by-post-only.yaml")
        gate.check("name", "view_video_interview", "employer_company/acme", channel="email")
    Prefer:
        gate = Gate.load("policies/by-post-only.yaml")
        gate.check("name", "view_video_interview", "employer_company/acme", channel="post")
    """


@page(Severity.NOTE)
def unmet_condition() -> None:
    """Note a use that is permitted only where a condition is shown at run time.

    Why: a scan cannot know whether a consent, a claim or an agreement is there; `--assume CONDITION` takes one as shown.

    Avoid:
        def outsource(gate: Gate) -> None:
            gate.check("name", "provide_service", "service_provider/mailer")
    Prefer:
        def provide(gate: Gate) -> None:
            gate.check("name", "provide_service")
    """


@page(Severity.ERROR)
def unguarded_read() -> None:
    """Flag a read of a labelled field that no permitted use covers on every way that leads to it.

    Why: the data go wherever the code likes, and no judge was asked.

    Avoid:
        @dataclass
        class Applicant:
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            return applicant.email
    Prefer:
        @dataclass
        class Applicant:
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            return applicant.email
    """


@page(Severity.WARNING)
def unreadable_use() -> None:
    """Flag a use with a name that is no literal and cannot be told from the code.

    Why: it is judged at run time only, and a reviewer cannot see what it is.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", input())
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.WARNING)
def cannot_verify() -> None:
    """Flag code that the scan cannot follow: text that is run, fields read by a name that is not known, a gate that is replaced.

    Why: whatever happens there is not among the findings, and should not be taken for permitted.

    Avoid:
        def send(gate: Gate, *names: str) -> None:
            gate.check(*names)
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.NOTE)
def unknown_receiver() -> None:
    """Note a read called like a labelled field, of an object whose class the scan does not know.

    Why: it may be a read of personal data; an annotation tells, and `--precise` asks a type checker. Listed with `--show-unknown`.

    Avoid:
        @dataclass
        class Applicant:
            email: Annotated[str, Personal("email_address")]

        def send(gate, applicant):
            gate.check("email_address", "send_service_email")
            return applicant.email
    Prefer:
        @dataclass
        class Applicant:
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            return applicant.email
    """


@page(Severity.WARNING)
def unlabelled_field() -> None:
    """Flag a field of a model whose name or type looks personal, and that bears no label.

    Why: without a label, nobody sees where it is read.

    Avoid:
        class Applicant(BaseModel):
            email_address: str
    Prefer:
        class Applicant(BaseModel):
            email_address: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            return applicant.email_address
    """


@page(Severity.NOTE)
def label_never_used() -> None:
    """Note a labelled field that no code reads or hands to a gate.

    Why: what is collected and used for nothing need not be collected.

    Avoid:
        class Applicant(BaseModel):
            email: Annotated[str, Personal("email_address")]
    Prefer:
        class Applicant(BaseModel):
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            return applicant.email
    """


@page(Severity.NOTE)
def use_without_label() -> None:
    """Note a data category that code uses and that no field is labelled with, where there are labels at all.

    Why: the gate is asked, but which data the answer is about is not to be seen.

    Avoid:
        class Applicant(BaseModel):
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            gate.check("video_interview", "provide_service")
            return applicant.email
    Prefer:
        class Applicant(BaseModel):
            email: Annotated[str, Personal("email_address")]

        def send(gate: Gate, applicant: Applicant) -> str:
            gate.check("email_address", "send_service_email")
            return applicant.email
    """


@page(Severity.WARNING)
def fact_never_registered() -> None:
    """Flag a condition of the policy that is shown by a fact which no gate of that policy in the code registers.

    Why: the condition is never met, and whatever needs it is always denied.

    Avoid:
        gate = Gate.load("examples/hiring-service.yaml")
    Prefer:
        def has_applied(use: Use) -> bool:
            return True

        gate = Gate.load("examples/hiring-service.yaml", facts={"applied_to_employer": has_applied})
    """


@page(Severity.ERROR)
def unknown_fact() -> None:
    """Flag a fact that is registered at a gate and is no condition of its policy that a fact shows.

    Why: it is never asked, and its author believes that it is.

    Avoid:
        def has_consented(use: Use) -> bool:
            return True

        gate = Gate.load("policies/en-japan-video-interview.yaml", facts={"consent": has_consented})
    Prefer:
        gate = Gate.load("policies/en-japan-video-interview.yaml")
    """


@page(Severity.NOTE)
def declared_never_used() -> None:
    """Note a purpose, a class of recipients or a data category of the policy that no use in the code concerns.

    Why: readers are told of a use that the code does not make, or makes without asking.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
            gate.check("attribute_information", "distribute_advertising")
    """


@page(Severity.ERROR, can_be_ignored=False)
def unparsable() -> None:
    """Flag a file that is no Python of this version, or cannot be read.

    Why: nothing in it was looked at.

    Avoid:
        def send(gate: Gate -> None:
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.WARNING, can_be_ignored=False)
def unexplained_ignore() -> None:
    """Flag a comment that is to suppress a finding and gives no reason; it suppresses nothing.

    Why: whoever reads the code next cannot tell whether the finding was weighed or only silenced.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", input())  # purposegate: ignore[unreadable-use]
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", input())  # purposegate: ignore[unreadable-use] the console of the support desk
    """


@page(Severity.WARNING, can_be_ignored=False)
def unknown_ignore() -> None:
    """Flag a comment meant to suppress a finding that names no kind of finding, or one that cannot be suppressed.

    Why: it suppresses nothing, and its author believes it does.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")  # purposegate: ignore[unguarded-reed] sent by the desk
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.WARNING, can_be_ignored=False)
def idle_ignore() -> None:
    """Flag a comment that suppresses nothing.

    Why: what it excused was mended, and it would go on to excuse whatever comes next.

    Avoid:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")  # purposegate: ignore[unreadable-use] sent by the desk
    Prefer:
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.NOTE, can_be_ignored=False)
def stale_baseline() -> None:
    """Note an entry of the baseline that is found no more.

    Why: it would excuse the same finding when it comes back; `--write-baseline` drops it.

    Avoid:
        # The baseline still holds an `unreadable-use` of this line, which was mended since.
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    Prefer:
        # The baseline was written anew.
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """


@page(Severity.NOTE, can_be_ignored=False)
def symbolic_loop() -> None:
    """Note a symbolic link that leads to a folder in which it lies itself.

    Why: it was not followed; what it leads to is looked at only as far as it was named by itself.

    Avoid:
        # `src/again` is a link to `src`.
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    Prefer:
        # `src` holds no link to itself.
        def send(gate: Gate) -> None:
            gate.check("email_address", "send_service_email")
    """
