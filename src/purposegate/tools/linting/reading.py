"""Pages of what the reader and the prose find by themselves, in the form of a rule's."""

from __future__ import annotations

from purposegate.findings import Severity
from purposegate.tools.linting.registry import page


@page(Severity.ERROR, can_be_ignored=False)
def quote_not_in_prose() -> None:
    """Flag a quote that does not stand in the published text, white space and the form of quotation marks left aside.

    Why: a rule that the text does not state is nobody's promise.

    Avoid:
        uses:
          - {clause: "1", quote: sell your address, data: [email_address], purposes: [shipping], conditions: []}
    Prefer:
        uses:
          - clause: "1"
            quote: We use your email address to ship parcels.
            data: [email_address]
            purposes: [shipping]
            conditions: []
    """


@page(Severity.WARNING)
def quote_outside_clause() -> None:
    """Flag a quote that stands in the published text, but in another article than its clause.

    Why: a decision that cites the clause sends the reader to text that does not say it.

    Avoid:
        uses:
          - {clause: "12", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
    Prefer:
        uses:
          - {clause: "11", quote: ship parcels, data: [email_address], purposes: [shipping], conditions: []}
    """


@page(Severity.WARNING)
def confusable_names() -> None:
    """Flag a name that looks like another of its section: `l` and `1`, `o` and `0`, `rn` and `m`, `__` and `_`.

    Why: a reviewer who takes the one for the other approves what they did not read.

    Avoid:
        categories: {email_address: {}, emai1_address: {parent: email_address}}
    Prefer:
        categories: {email_address: {}, work_address: {parent: email_address}}
    """
