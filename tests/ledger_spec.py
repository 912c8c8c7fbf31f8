"""What a ledger's entries mean, read naively from DESIGN section 4 and the words of the entries: lists of dicts, and loops.

Nothing is shared with the ledgers, the gate or the engine; the verdict of one revision is that of `spec.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from spec import is_under, overlap, role_of, verdict

Facts = dict[str, Any]
TOKYO = timezone(timedelta(hours=9))  # the policies of this test have their days begin there
CLAIM_SHOWN, CONSENT_SHOWN, AGREEMENT_SHOWN = "claim", "consent", "agreement"


class Contradiction(Exception):
    """An entry that contradicts what is held."""


class Model:
    """A journal and the revisions of a policy; `latest` is when something was last recorded."""

    def __init__(self, revisions: list[Facts], beginning: datetime) -> None:
        self.revisions = revisions
        self.kept: list[Facts] = []
        self.latest = beginning

    def enter(self, clock: datetime, kind: str, **said: Any) -> None:
        if self.contradicted(kind, said):
            raise Contradiction
        self.keep(clock, kind, **said)

    def keep(self, clock: datetime, kind: str, **said: Any) -> None:
        self.latest = max(self.latest, clock)
        self.kept.append({"kind": kind, "recorded": self.latest, **said})

    def contradicted(self, kind: str, said: Facts) -> bool:
        registered = False
        claims, signed = [], []
        for entry in self.kept:
            if entry["kind"] in ("RegisteredRecipient", "Deregistration") and entry["recipient"] == said.get("recipient"):
                registered = entry["kind"] == "RegisteredRecipient"
            if entry["kind"] == "Claim":
                claims.append(entry["id"])
            if entry["kind"] == "Agreement":
                signed.append((entry["recipient"], entry["reference"]))
        return (
            (kind == "RegisteredRecipient" and registered)
            or (kind == "Deregistration" and not registered)
            or (kind == "Claim" and said["id"] in claims)
            or (kind == "Revocation" and said["claim"] not in claims)
            or (kind == "Agreement" and (said["recipient"], said["reference"]) in signed)
            or (kind == "Termination" and (said["recipient"], said["reference"]) not in signed)
        )

    def decide(self, use: Facts, at: datetime, held: list[Facts] | None = None) -> str:
        held = self.kept if held is None else held
        reasons = [self.judged(use, at, held, policy, without=()) for policy in self.binding(use, at, held)]
        denied = [reason for reason in reasons if reason != "permitted"]
        return reasons[0] if reasons[0] != "permitted" or not denied else denied[0]

    def spends(self, use: Facts, at: datetime) -> bool:
        """Tell whether a permitted use would not be permitted without its claim."""
        binding = self.binding(use, at, self.kept)
        return any(self.judged(use, at, self.kept, policy, without=(CLAIM_SHOWN,)) != "permitted" for policy in binding)

    def binding(self, use: Facts, at: datetime, held: list[Facts]) -> list[Facts]:
        """Give the revisions that must permit it: the one in force, and those before it down to the last one accepted."""
        begun = [policy for policy in self.revisions if begins(policy) <= at] or self.revisions[:1]
        last = 0
        for number, policy in enumerate(begun):
            if self.accepted(use, at, held, policy, since=begun[last:number]):
                last = number
        return begun[: last - 1 : -1] if last else begun[::-1]

    def accepted(self, use: Facts, at: datetime, held: list[Facts], policy: Facts, *, since: list[Facts]) -> bool:
        """Tell whether somebody accepted a revision; `since` are those from the last one accepted to the one before it."""
        name = policy["policy"]["revision"]
        mine = [entry for entry in held if entry.get("subject") == use["subject"] or entry.get("subject", "") is None]
        times: dict[str, list[datetime]] = {"Notice": [], "Acceptance": [], "Dissent": []}
        for entry in mine:
            if entry["kind"] in times and entry["revision"] == name:
                times[entry["kind"]].append(entry["time"])
        dissented = [time for time in times["Dissent"] if time <= at]
        for time in times["Acceptance"]:
            if time <= at and all(dissent < time for dissent in dissented):
                return True
        if not since or not times["Notice"]:
            return False
        notified = min(times["Notice"])
        went_on = [entry["time"] for entry in mine if entry["kind"] == "ServiceUse" and entry["time"] > notified]
        if not went_on:
            return False
        accepted_at = min(went_on)
        for before in since:
            if before["amendments"]["silence"] != "accepts":
                return False
            day = notified.astimezone(TOKYO).replace(hour=0, minute=0, second=0, microsecond=0)
            window_passed = day + timedelta(days=1 + int(before["amendments"]["window"].strip("PD")))
            accepted_at = max(accepted_at, window_passed)
        return accepted_at <= at and not any(dissent < accepted_at for dissent in dissented)

    def judged(self, use: Facts, at: datetime, held: list[Facts], policy: Facts, *, without: tuple[str, ...]) -> str:
        shown = [
            name
            for name, condition in policy["conditions"].items()
            if condition["shown_by"] not in without and self.shows(use, at, held, policy, name, condition["shown_by"])
        ]
        context = {
            "consulted": True,
            "too_early": at < begins(policy),
            "registered": self.registered(use, held, policy),
            "shown": shown,
            "objections": self.objections(use, at, held, policy),
        }
        return verdict(policy, use, context)

    def registered(self, use: Facts, held: list[Facts], policy: Facts) -> bool:
        registered = False
        for entry in held:
            if entry.get("recipient") == use["recipient"]:
                if entry["kind"] == "RegisteredRecipient":
                    registered = entry["role"] in (None, role_of(policy, entry["recipient"]))
                if entry["kind"] == "Deregistration":
                    registered = False
        return registered

    def objections(self, use: Facts, at: datetime, held: list[Facts], policy: Facts) -> list[str]:
        recipient = use["recipient"] or policy["policy"]["controller"]
        to = [recipient, policy["policy"]["controller"]] if role_of(policy, recipient) == "processor" else [recipient]
        found = []
        for number, entry in enumerate(held):
            if (
                entry["kind"] == "LodgedObjection"
                and entry["subject"] == use["subject"]
                and entry["objection"] in policy["objections"]
            ):
                liftings = [
                    each["time"]
                    for each in held[number:]
                    if each["kind"] == "Lifting"
                    and (each["subject"], each["objection"]) == (entry["subject"], entry["objection"])
                    and entry["time"] <= each["time"]
                ]
                hit = (
                    touched(policy, "categories", [use["data_category"]], entry["data"])
                    and touched(policy, "purposes", [use["purpose"]], entry["purposes"])
                    and touched(policy, "recipients", to, entry["recipients"])
                )
                if hit and entry["time"] <= at and all(at < lifted for lifted in liftings):
                    found.append(entry["objection"])
        return found

    def shows(self, use: Facts, at: datetime, held: list[Facts], policy: Facts, condition: str, by: str) -> bool:
        recipient = use["recipient"] or policy["policy"]["controller"]
        for number, entry in enumerate(held):
            if by == CONSENT_SHOWN and entry["kind"] == "Consent" and entry["subject"] == use["subject"]:
                # A withdrawal ends what was recorded before it, and what is recorded later and was given before it.
                ends = [entry["expires"]] + [
                    each["time"]
                    for place, each in enumerate(held)
                    if each["kind"] == "Withdrawal"
                    and (each["subject"], each["condition"]) == (use["subject"], entry["condition"])
                    and (place > number or entry["time"] < each["time"])
                ]
                scope = (entry["data"], entry["purposes"], entry["recipients"])
                if entry["condition"] == condition and within(policy, use, *scope) and holds(at, entry["time"], ends):
                    return True
            if by == CLAIM_SHOWN and entry["kind"] == "Claim" and entry["id"] == use["claim"]:
                spent = len([each for each in held if each["kind"] == "spent" and each["claim"] == entry["id"]])
                ends = [entry["expires"]] + [
                    each["time"] for each in held if each["kind"] == "Revocation" and each["claim"] == entry["id"]
                ]
                return (
                    condition in entry["conditions"]
                    and use["subject"] in entry["subjects"]
                    and entry["recipient"] == recipient
                    and spent < entry["uses"]
                    and within(policy, use, entry["data"], "any", "any")
                    and holds(at, entry["time"], ends)
                )
            if by == AGREEMENT_SHOWN and entry["kind"] == "Agreement" and entry["recipient"] == recipient:
                ends = [entry["ends"]] + [
                    each["time"]
                    for each in held[number:]
                    if each["kind"] == "Termination"
                    and (each["recipient"], each["reference"]) == (entry["recipient"], entry["reference"])
                ]
                scope = (entry["data"], entry["purposes"], "any")
                if condition in entry["conditions"] and within(policy, use, *scope) and holds(at, entry["time"], ends):
                    return True
        return False


def begins(policy: Facts) -> datetime:
    return datetime.fromisoformat(policy["policy"]["effective"]).replace(tzinfo=TOKYO)


def holds(at: datetime, begun: datetime, ends: list[datetime | None]) -> bool:
    return begun <= at and all(end is None or at < end for end in ends)


def touched(policy: Facts, kind: str, names: list[str], scope: Any) -> bool:
    if scope == "any":
        return True
    for name in names:
        for other in scope:
            known = name.partition("/")[0] in policy[kind] and other.partition("/")[0] in policy[kind]
            if not known or overlap(policy, kind, name, other):  # what a person refused is read widely
                return True
    return False


def within(policy: Facts, use: Facts, data: Any, purposes: Any, recipients: Any) -> bool:
    recipient = use["recipient"] or policy["policy"]["controller"]
    for kind, name, scope in (
        ("categories", use["data_category"], data),
        ("purposes", use["purpose"], purposes),
        ("recipients", recipient, recipients),
    ):
        known = name.partition("/")[0] in policy[kind]
        if scope != "any" and not (known and any(is_under(policy, kind, name, other) for other in scope)):
            return False
    return True
