"""What an amendment asks of the company before people are bound by it (article 9 of the shipped policy, DESIGN §4)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from purposegate.policy.characters import one_line
from purposegate.policy.policy import Policy
from purposegate.tools.texts import ONLY_IN_THE_FILE


@dataclass(frozen=True, slots=True)
class Consequence:
    """Whether people have to be told, whether they have to consent to some of it, and the sentences that say so."""

    notice: bool
    express_consent: bool
    sentences: tuple[str, ...]


def consequence(before: Policy, after: Policy, *, widened: bool, narrowed: bool, texts: Collection[str]) -> Consequence:
    """Say what follows from a difference, by the terms of the earlier policy: an amendment does not make its own terms."""
    published = any(text != ONLY_IN_THE_FILE for text in texts)
    notice = widened or narrowed or published
    return Consequence(notice, widened, tuple(_sentences(before, after, widened=widened, narrowed=narrowed, notice=notice)))


def quoted(text: str) -> str:
    """Give a text of whoever wrote a policy as one line in backticks, out of which nothing in it can break."""
    plain = one_line(text).replace("`", "'")
    return f"`{plain or '(nothing)'}`"


def _sentences(before: Policy, after: Policy, *, widened: bool, narrowed: bool, notice: bool) -> Iterator[str]:
    if not notice:
        yield "no notice is needed: nobody would notice anything"
        return
    if widened:
        yield "notice is needed, and express consent: something is permitted that was not"
        yield f"it stays closed for each person until they have accepted revision {quoted(after.revision)}"
        yield _terms(before)
    elif narrowed:
        yield "notice is needed, and no consent: nothing is permitted that was not"
    else:
        yield "notice is needed, and no consent: what people read has changed, and nothing in what is permitted"


def _terms(before: Policy) -> str:
    terms, revision = before.amendments, quoted(before.revision)
    if terms is None:
        return f"revision {revision} states no terms of amendment, so that silence accepts nothing"
    if not terms.silence_accepts:
        return f"by the terms of revision {revision} silence accepts nothing"
    days = terms.window.days
    passed = f"{days} days have passed" if days != 1 else "1 day has passed"
    return (
        f"by the terms of revision {revision} silence accepts too: whoever goes on using the service after the notice and does not"
        f" dissent counts as having accepted when {passed} ({terms.time_zone})"
    )
