"""The gate: facts → decision → record → release, always in this order.

A question (`decide`) and a release (`check`) go the same way; a release is also told to the ledger, and raises where the use is
denied. What needs no looking up is settled: its decision is kept in a table that `check` reads first.
"""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from time import time
from typing import Any, Literal, TypeVar
from uuid import UUID
from weakref import WeakSet, finalize, ref

from purposegate.engine.decision import Decision
from purposegate.engine.judge import Engine
from purposegate.engine.revisions import Revisions
from purposegate.engine.use import Use
from purposegate.errors import DeclarationError, PolicyError, PurposegateError, TrailError
from purposegate.findings import Finding, Location, Severity, did_you_mean
from purposegate.gate.ambient import AMBIENT, Ambient, PurposeBlock, Why, block, from_token, to_token, why_of
from purposegate.gate.bound import BoundGate
from purposegate.gate.declared import wrong
from purposegate.gate.disclosure import ON_DENIED, WITHHELD, Disclosure, Fields, OnDenied, readable
from purposegate.gate.elsewhere import elsewhere
from purposegate.gate.guard import Guard, declared
from purposegate.gate.labels import shape_of
from purposegate.gate.observe import Observe
from purposegate.gate.procedure import NOT_RECORDED, Fact, Procedure, is_plain, plain, refused
from purposegate.gate.propagating import carried, propagated
from purposegate.gate.recent import Recent
from purposegate.gate.releasing import Releasing
from purposegate.gate.sealed import Sealed, labels_sealed, value_sealed
from purposegate.gate.snapshot import Snapshot
from purposegate.gate.taking import From, as_id
from purposegate.gate.violation import PurposeViolation, headline
from purposegate.gate.watcher import Digests, Watcher
from purposegate.ledger.protocol import Ledger
from purposegate.policy.files import Files
from purposegate.policy.loader import load_revisions
from purposegate.policy.policy import Policy
from purposegate.policy.terms import ShownBy
from purposegate.trail.record import Asked, PreparingSink, Record, Sink

Clock = Callable[[], datetime]
_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")

_log = logging.getLogger("purposegate")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """Blocks every use of personal data that the policy does not permit.

    `facts` are functions that answer the policy's conditions `shown_by: fact`, by name; they are called with the use and show
    the condition only by returning `True` itself. `ledger` shows consents, claims and agreements and knows objections; `trail`
    records every decision. `clock` gives the instant of a decision, with its time zone. `exempt` gives, for clauses of the policy,
    the ground on which the law asks for no record of a provision: the record of a release by these clauses alone is marked with it.
    The ledger is read for every decision; with `facts_ttl`, what it said is taken to hold for so many seconds, but for what this
    process enters, and on PostgreSQL others do. Nothing is kept where something begins or ends within them, a claim is named or a
    fact was asked. `trace_id` gives the trace in which a decision is made, for its record.
    """

    __slots__ = (
        "__weakref__",
        "_clock",
        "_lock",
        "_path",
        "_procedure",
        "_recent",
        "_refused",
        "_reloading",
        "_signed_by",
        "_snapshot",
        "_trailed",
        "_watcher",
    )

    def __init__(
        self,
        policy: Policy | Sequence[Policy],
        *,
        facts: Mapping[str, Fact] | None = None,
        ledger: Ledger | None = None,
        trail: Sink | None = None,
        observe: Observe | None = None,
        clock: Clock = _utc_now,
        exempt: Mapping[str, str] | None = None,
        facts_ttl: float | None = None,
        trace_id: Callable[[], str | None] | None = None,
    ) -> None:
        """Compile the policy, or all its revisions; raise `PolicyError` where one cannot hold or a fact is not one of theirs."""
        if observe is not None and not isinstance(observe, Observe):
            raise TypeError("`observe` is an `Observe`, which says until when and why")
        self._clock = clock
        if facts_ttl is not None and ledger is None:
            raise ValueError("`facts_ttl` is for what a ledger says, and there is none")
        self._recent = None if facts_ttl is None or ledger is None else Recent(facts_ttl, ledger, self._seconds)
        self._procedure = Procedure(dict(facts or {}), ledger, trail, observe, dict(exempt or {}), self._recent, trace_id)
        # Decisions by the policy alone, at the time of this machine: they are recorded in the quickest way that the trail has.
        by_policy_alone = ledger is None and observe is None and trace_id is None and clock is _utc_now
        self._trailed = trail if by_policy_alone and isinstance(trail, PreparingSink) else None
        self._path: Path | None = None
        self._signed_by: Path | None = None
        self._lock = Lock()
        self._reloading = Lock()
        self._refused: PurposegateError | None = None
        self._watcher: Watcher | None = None
        self._snapshot = self._compiled([policy] if isinstance(policy, Policy) else policy)
        if self._recent is not None:
            self._recent.put_in_force(self._snapshot.revisions)
        _gates.add(self)

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        facts: Mapping[str, Fact] | None = None,
        ledger: Ledger | None = None,
        trail: Sink | None = None,
        observe: Observe | None = None,
        clock: Clock = _utc_now,
        exempt: Mapping[str, str] | None = None,
        facts_ttl: float | None = None,
        trace_id: Callable[[], str | None] | None = None,
        signed_by: str | Path | None = None,
        watch: bool = False,
    ) -> Gate:
        """Read a policy file, in YAML with its prose or compiled, or a folder of its revisions.

        Raises `PolicyError` with everything that is wrong with it. Of a folder, every `.yaml`, `.yml` and `.json` is a revision,
        but for `*.test.yaml` and `*.schema.json`, and each comes into force on its own day.

        `signed_by` is a file of Ed25519 public keys in PEM (extra `sign`): the policy must be compiled and signed by one of them,
        also when it is loaded again. With `watch`, a thread loads it again within seconds of a change of its files; what
        cannot be used is logged, kept as `refused`, and leaves the last good policy in force. `close` ends the watching. Raises
        `PurposegateError` where the keys cannot be used, or the extra is not installed.
        """
        files = Files()
        policies = load_revisions(path, signed_by=signed_by, files=files)
        gate = cls(
            policies,
            facts=facts,
            ledger=ledger,
            trail=trail,
            observe=observe,
            clock=clock,
            exempt=exempt,
            facts_ttl=facts_ttl,
            trace_id=trace_id,
        )
        gate._path = Path(path).absolute()  # a later change of the working directory means no other file
        gate._signed_by = None if signed_by is None else Path(signed_by).absolute()
        if watch:
            gate._watcher = Watcher(files.digests, partial(_reloaded, ref(gate)))
            finalize(gate, gate._watcher.abandon)  # a gate that nobody holds is watched no more
        return gate

    @property
    def engine(self) -> Engine:
        """The judge of the revision that is in force now."""
        return self._snapshot.revisions.in_force(self._clock())

    @property
    def policy(self) -> Policy:
        """The revision of the policy that is in force now."""
        return self.engine.policy

    @property
    def revisions(self) -> tuple[Policy, ...]:
        """All revisions of the policy, in the order in which they come into force."""
        return self._snapshot.revisions.policies

    @property
    def ledger_failures(self) -> int:
        """How often the ledger gave no answer that could be used, so that nothing was released."""
        return self._procedure.ledger_failures

    def check(
        self,
        data_category: str,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> Decision:
        """Release one use of personal data, or raise `PurposeViolation` naming the clause.

        A purpose that is named is judged alone, and no recipient means the controller itself. Where none is named, whatever is not
        given comes from the ambient purpose (`Gate.purpose`); without one the use is denied as `unknown-purpose`. Raises
        `LedgerError` or `TrailError` where the ledger gives no answer or the decision cannot be recorded; nothing is released then.
        """
        # Only plain text is looked up: a subclass of `str` may equal what it likes. `_judge` makes plain text of it first.
        if channel is None and type(data_category) is type(purpose) is str and (recipient is None or type(recipient) is str):
            recent = self._recent
            if recent is not None and type(subject) is str and claim is None:
                kept = recent.found(subject, (data_category, purpose, recipient, None))
                # A denial goes the whole way: whether it is only observed is a matter of the ledger's time.
                if kept is not None and kept.released is not None:
                    return kept.released
            if self._trailed is not None and claim is None and (subject is None or is_plain(subject)):
                alike = self._snapshot.trailed.get((data_category, purpose, recipient))
                if alike is not None:
                    record, decision = alike
                    try:
                        record(subject)
                    except Exception as error:  # noqa: BLE001 - a store may raise anything, and none of it may let a use through
                        failed = error
                    else:
                        return decision
                    raise refused(failed, TrailError, NOT_RECORDED)
            try:
                decision = self._snapshot.settled[data_category, purpose, recipient]
            except KeyError:
                pass  # not settled yet: judged below
            else:
                return decision if decision.permitted else self._refuse(decision)
        return self._release(self._use(data_category, purpose, recipient, subject, channel, claim))

    def decide(
        self,
        data_category: str,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
        at: datetime | Record | None = None,
    ) -> Decision:
        """Ask whether a use would be permitted; releases nothing, and does not raise on a denial.

        With `at`, decide as it was decided then: by the revision that was in force and by what the ledger had recorded by that
        instant; for a record of the trail exactly as for that record, with the facts that were shown. Such a question is not
        recorded. Raises `LedgerError` or `TrailError` as `check` does.
        """
        if at is not None:
            return self._again(self._use(data_category, purpose, recipient, subject, channel, claim), at)
        if channel is None and type(data_category) is type(purpose) is str and (recipient is None or type(recipient) is str):
            recent = self._recent
            if recent is not None and type(subject) is str and claim is None:
                kept = recent.found(subject, (data_category, purpose, recipient, None))
                if kept is not None and kept.asked is not None:
                    return kept.asked
            try:
                return self._snapshot.settled[data_category, purpose, recipient]
            except KeyError:
                pass  # as in check
        use = self._use(data_category, purpose, recipient, subject, channel, claim)
        return self._judge(use, Asked.QUESTION)[0]

    async def acheck(
        self,
        data_category: str,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> Decision:
        """Release one use as `check` does, without blocking the event loop while the ledger, the trail or a fact is waited for."""
        if not self._procedure.waits:
            return self.check(data_category, purpose, recipient, subject=subject, channel=channel, claim=claim)
        use = self._use(data_category, purpose, recipient, subject, channel, claim)
        return await elsewhere(lambda: self._release(use))

    async def adecide(
        self,
        data_category: str,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
        at: datetime | Record | None = None,
    ) -> Decision:
        """Ask about one use as `decide` does, without blocking the event loop."""
        use = self._use(data_category, purpose, recipient, subject, channel, claim)

        def asked() -> Decision:
            return self._judge(use, Asked.QUESTION)[0] if at is None else self._again(use, at)

        return await elsewhere(asked) if self._procedure.waits else asked()

    def bind(self, purpose: str, recipient: str | None = None) -> BoundGate:
        """Fix purpose and recipient, so that each call names only the data category."""
        bound = BoundGate(self, purpose, recipient)
        with self._lock:
            bound._permitted = self._snapshot.permitted[bound] = {}  # noqa: SLF001 - a bound gate is a part of this one
        return bound

    def purpose(
        self,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | int | UUID | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> PurposeBlock:
        """Give a block, for `with` or `async with`, in which uses are for a purpose without naming it.

        It holds for what runs in the block's context (`await`, tasks, `asyncio.to_thread`) and ends with the block, also for what
        outlives it. Within another one of this gate it inherits what it omits and only narrows. Entering it raises
        `DeclarationError` for a name that the policy does not know, for what does not lie under the purpose around it, and in the
        body of a generator, which would lend its purpose to its caller.
        """
        return block(self, purpose, recipient, subject, channel, claim)

    def propagate(self, function: _F) -> _F:
        """Give a function that runs in the purpose that is ambient now, wherever it is called: in a pool, a thread, a callback.

        Where there is none now it runs without one, whatever is ambient where it is called.
        """
        return propagated(self, function)

    def token(self) -> str:
        """Write the ambient purpose as JSON, for `resume` in another process: names and ids, and no data.

        Raises `DeclarationError` where there is none. Whoever can write tokens names purposes, as code does: it is no credential.
        """
        return to_token(self)

    def resume(self, token: str) -> AbstractContextManager[None]:
        """Give a block in the purpose that a token carries; raise `DeclarationError` where it is none of this policy's."""
        return carried(self, from_token(self, token))

    def guard(
        self,
        *data_categories: str,
        purpose: str | From | Ambient = AMBIENT,
        recipient: str | From | None = None,
        subject: str | int | UUID | From | None = None,
        channel: str | From | None = None,
        claim: str | From | None = None,
        check_return: bool = False,
    ) -> Guard:  # pragma: no mutate block - it counts the frames above it, to which a mutant adds one
        """Give a decorator: what it decorates releases these uses before its first line runs, or raises `PurposeViolation`.

        For functions, methods, coroutines and generators, and for classes, whose public methods it guards, inherited ones too, and
        those that a subclass has when it is made. A part is a literal or is taken `From` the call. A purpose that is named is
        judged alone, and no recipient means the controller; where none is named, what is not given comes from the ambient purpose.
        What is begun later (a generator, what a context manager or a coroutine runs) asks again when the ambient purpose or the
        policy has changed. With `check_return`, what comes back may hold no labelled field that is not named here.
        Raises `DeclarationError` for a name that the policy does not know, and for what comes back.
        """
        parts = {"purpose": purpose, "recipient": recipient, "subject": subject, "channel": channel, "claim": claim}
        place = sys._getframe(1)  # noqa: SLF001 - a wrong name is reported with its place
        return declared(self, data_categories, parts, place, check_return=check_return)

    def open(
        self,
        sealed: Sealed[_T],
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> _T:
        """Open a sealed value: release the use of every category it is sealed for, or raise `PurposeViolation`.

        Purpose and the other parts are those of `check`. Raises `DeclarationError` where it is sealed for nothing.
        """
        if channel is None and type(purpose) is str and (recipient is None or type(recipient) is str):
            try:
                if self._snapshot.settled[sealed._label, purpose, recipient].permitted:  # type: ignore[index]  # noqa: SLF001 - see there
                    return value_sealed(sealed)  # type: ignore[no-any-return]  # of nothing but what is sealed, or it raises
            except (KeyError, AttributeError, TypeError):
                pass  # not settled yet, several labels, or not sealed at all
        if type(sealed) is not Sealed:
            raise TypeError("`open` opens what is sealed")
        labels = labels_sealed(sealed)
        if not labels:
            raise wrong("unlabelled", "a sealed value without a data category never opens", help_="label it with `Personal`")
        if len(labels) == 1:
            (label,) = labels
            self.check(label, purpose, recipient, subject=subject, channel=channel, claim=claim)
        else:
            why = why_of(self, purpose, recipient, subject, channel, claim)
            self._releasing().release_all([why.use(label) for label in sorted(labels)])
        return value_sealed(sealed)  # type: ignore[no-any-return]  # what was sealed

    async def aopen(
        self,
        sealed: Sealed[_T],
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> _T:
        """Open a sealed value as `open` does, without blocking the event loop."""
        opened = partial(self.open, sealed, purpose, recipient, subject=subject, channel=channel, claim=claim)
        return await elsewhere(opened) if self._procedure.waits else opened()

    def declassify(self, sealed: Sealed[_T], *, reason: str) -> _T:
        """Open a sealed value outside of the policy, for a reason that was reviewed; the trail records it as declassified.

        Raises `DeclarationError` where there is no trail or no reason, and `TrailError` where it cannot be recorded.
        """
        if type(sealed) is not Sealed:
            raise TypeError("`declassify` opens what is sealed")
        if not isinstance(reason, str) or not reason.strip():
            raise wrong("no-reason", "what is declassified needs a reason")
        at = self._clock()
        self._procedure.declassify(self._snapshot.revisions.in_force(at), labels_sealed(sealed), at, reason)
        return value_sealed(sealed)  # type: ignore[no-any-return]  # as above

    def disclose(
        self,
        data: object,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | int | UUID | From | None = None,
        channel: str | None = None,
        claim: str | None = None,
        on_denied: Literal["refuse", "drop", "mark"] = "refuse",
        marker: object = WITHHELD,
        as_type: object = None,
    ) -> Any:  # noqa: ANN401 - plain data in the shape of what was passed
        """Release of labelled data what may be seen: plain data, with a dictionary for each model, record or row.

        Where a field may not be seen the whole is refused; `on_denied="drop"` leaves the field out, and `"mark"` puts the marker in
        its place. `subject` may be taken `From` each record of a list. `as_type` says what plain dictionaries are (a TypedDict, or
        a list of one): data that no type declares are refused with `DeclarationError`. One record for each category and person.
        """
        # What was settled of a class is known, and needs no release; as in `check`, only plain text is looked up.
        by_name = type(purpose) is str and (recipient is None or type(recipient) is str)
        if by_name and subject is None and channel is None and as_type is None and on_denied in ON_DENIED:
            known: Fields | None = self._snapshot.derived.get((type(data), purpose, recipient, None))
            projected = None if known is None else known.at_once(data, on_denied)
            if projected is not None:
                return projected
        person = subject if isinstance(subject, From) else as_id(subject)
        why = why_of(self, purpose, recipient, None, channel, claim)
        walk = Disclosure(self._releasing(), why, OnDenied(on_denied), marker)
        try:
            disclosed = walk.of(data, None if as_type is None else shape_of(as_type), person)
            walk.finish()
        except PurposegateError as error:
            refused = error.with_traceback(None)
        else:
            return disclosed
        # INVARIANT: raised from a frame without the data: a traceback may be shown with the locals of its frames.
        del data, walk
        raise refused

    async def adisclose(
        self,
        data: object,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | int | UUID | From | None = None,
        channel: str | None = None,
        claim: str | None = None,
        on_denied: Literal["refuse", "drop", "mark"] = "refuse",
        marker: object = WITHHELD,
        as_type: object = None,
    ) -> Any:  # noqa: ANN401 - as `disclose`
        """Release of labelled data what may be seen as `disclose` does, without blocking the event loop."""
        asked: dict[str, Any] = {"subject": subject, "channel": channel, "claim": claim}
        asked |= {"on_denied": on_denied, "marker": marker, "as_type": as_type}
        call = [partial(self.disclose, data, purpose, recipient, **asked)]
        del data  # INVARIANT: as in `disclose`, no frame that raises holds the data
        return await elsewhere(call.pop()) if self._procedure.waits else call.pop()()

    def fields(
        self,
        model: object,
        purpose: str | Ambient = AMBIENT,
        recipient: str | None = None,
        *,
        subject: str | None = None,
        channel: str | None = None,
        claim: str | None = None,
    ) -> tuple[str, ...]:
        """Ask which fields of a class may be read, those of nested classes as `contact.email`; releases nothing."""
        asking = self._releasing()
        why = why_of(self, purpose, recipient, subject, channel, claim)
        names = tuple(readable(asking, why, model))
        asking.ask()
        return names

    def reload(self) -> None:
        """Read the policy file again and put it in force, in one step.

        Raises `PolicyError` where it cannot be used, `PurposegateError` where the keys cannot that it must be signed by; the policy
        that was in force stays so.
        """
        self._reload()

    @property
    def refused(self) -> PurposegateError | None:
        """Why the file was not put in force when it was last read; None where it was."""
        return self._refused

    def close(self) -> None:
        """Watch the files no more; the gate itself goes on."""
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher = None

    def __copy__(self) -> Gate:
        raise TypeError("a gate is shared, not copied: a copy would stay on its policy")

    def _reload(self, files: Files | None = None, expected: Digests | None = None) -> bool:
        """Put in force what the file holds; but where it holds something else than expected, leave all as it is."""
        files = Files() if files is None else files
        with self._reloading:
            if self._path is None:
                raise PurposegateError("the gate was made from a policy in memory; there is no file to read again")
            try:
                snapshot = self._compiled(load_revisions(self._path, signed_by=self._signed_by, files=files))
                if expected is not None and any(expected.get(path, held) != held for path, held in files.digests.items()):
                    return False
                _refuse_another(self._snapshot.revisions, snapshot.revisions, self._clock(), several=self._path.is_dir())
            except PurposegateError as error:
                stays = f"revision {self.policy.revision} of `{self.policy.id}` stays in force"
                error.add_note(stays)
                self._refused = error
                _log.error("the policy was not reloaded, %s: %s", stays, error)
                raise
            except BaseException as error:  # that the file is not in force must not go unsaid, whatever happened
                self._refused = PurposegateError(f"the policy was not reloaded ({type(error).__name__})")
                raise
            self._put_in_force(snapshot)
            self._refused = None
            if self._watcher is not None:
                self._watcher.saw(files.digests)  # or a file that is put back would look unchanged
            _log.info("revision %s of `%s` is in force", self.policy.revision, self.policy.id)
        return True

    def _put_in_force(self, snapshot: Snapshot) -> None:
        with self._lock:
            # INVARIANT: before the swap, and never after it. A bound gate whose table is not that of the snapshot in force asks its
            # gate, and what is filled in goes into the table of the snapshot that decided. So whatever comes in between (a signal,
            # a fork, another thread), no decision of one policy is given under another.
            for bound in list(self._snapshot.permitted):
                bound._permitted = snapshot.permitted[bound] = {}  # noqa: SLF001 - a bound gate is a part of this one
            self._snapshot = snapshot
            if self._recent is not None:
                self._recent.put_in_force(snapshot.revisions)

    def _begin_again(self) -> None:
        """Go on in a child process, where nobody is left to watch."""
        if self._recent is not None:
            self._recent.begin_again()
        if self._watcher is not None:
            self._watcher.start()

    def _compiled(self, policies: Sequence[Policy]) -> Snapshot:
        revisions = Revisions(policies)
        declared = {name for policy in policies for name, shown_by in policy.conditions.items() if shown_by is ShownBy.FACT}
        wrong = [*_wrong_facts(self._procedure.facts, declared)]
        if wrong:
            raise PolicyError(wrong)
        wrong = [*_wrong_exemptions(self._procedure.exempt, policies)]
        if wrong:
            raise PolicyError(wrong)
        for name in sorted(declared - self._procedure.facts.keys()):
            _log.warning("no function answers the fact `%s`: what needs it is denied", name)
        return Snapshot.of(revisions)

    @property
    def _seconds(self) -> Callable[[], float]:
        """What gives the gate's time in seconds since 1970: of this machine's own clock in the quickest way."""
        clock = self._clock
        return time if clock is _utc_now else lambda: clock().timestamp()

    def _again(self, use: Use, moment: datetime | Record) -> Decision:
        return self._procedure.again(self._snapshot.revisions, plain(use), moment)

    def _use(
        self,
        data_category: str,
        purpose: str | Ambient,
        recipient: str | None,
        subject: str | None,
        channel: str | None,
        claim: str | None,
    ) -> Use:
        if isinstance(purpose, Ambient):
            return why_of(self, purpose, recipient, subject, channel, claim).use(data_category)
        return Use(data_category, purpose, recipient, subject, channel, claim)

    def _release(self, use: Use) -> Decision:
        decision, at = self._judge(use, Asked.RELEASE)
        return decision if decision.permitted else self._refuse(decision, at)

    def _release_all(self, data_categories: Collection[str], why: Why) -> object:
        """Release several categories for one purpose, all or none; give the snapshot's mark where nothing had to be looked up.

        What is passed is plain text: it is looked up in what is settled as it is.
        """
        snapshot = self._snapshot
        if why.channel is None:
            settled, purpose, recipient = snapshot.settled, why.purpose, why.recipient
            for data_category in data_categories:
                decision = settled.get((data_category, purpose, recipient))
                if decision is None or not decision.permitted:
                    break
            else:
                return snapshot.mark
            if self._trailed is not None and len(data_categories) == 1:  # of several all are released or none
                (data_category,) = data_categories
                self.check(data_category, why.purpose, why.recipient, subject=why.subject, claim=why.claim)
                return None
        self._releasing().release_all([why.use(data_category) for data_category in data_categories])
        return None

    async def _arelease_all(self, data_categories: Collection[str], why: Why) -> object:
        """Release several categories as `_release_all` does, without blocking the event loop."""
        if not self._procedure.waits:
            return self._release_all(data_categories, why)
        return await elsewhere(partial(self._release_all, data_categories, why))

    def _releasing(self) -> Releasing:
        return Releasing(self._procedure, self._snapshot, self._clock(), self._refuse)

    def _declared_wrongly(self, error: DeclarationError) -> None:
        """Raise what code declares wrongly while it runs; while observing, only say so."""
        if not self._procedure.observed(self._clock()):
            raise error
        _log.warning("observed, not blocked: %s", error)

    def _refuse(self, decision: Decision, at: datetime | None = None) -> Decision:
        """Raise on a denial; while observing, say that it would have been one."""
        observed = self._procedure.observe is not None and self._procedure.observed(at or self._clock())
        if _log.isEnabledFor(logging.WARNING):
            _log.warning("%s%s", "observed, not blocked: " if observed else "", headline(decision))
        if observed:
            return decision
        raise PurposeViolation(decision)

    def _judge(self, use: Use, asked: Asked) -> tuple[Decision, datetime]:
        """Decide and record; give the instant of the decision too, which a ledger may have moved forwards."""
        at = self._clock()
        # INVARIANT: read once; the whole decision is made by this snapshot, whatever is loaded meanwhile.
        snapshot = self._snapshot
        decision, weighed = snapshot.judge(self._procedure, use, at)
        if weighed is None:
            return decision, at
        self._procedure.record([weighed], asked, weighed.at)
        if self._trailed is not None and asked is Asked.RELEASE:
            record_alike = self._procedure.alike(weighed, self._trailed)
            if record_alike is not None:
                use = weighed.use
                snapshot.alike.keep((use.data_category, use.purpose, use.recipient), (record_alike, decision))
        return decision, weighed.at


# Every gate there is, to be put in order after a fork.
_gates: WeakSet[Gate] = WeakSet()


def _after_fork() -> None:
    gates = list(_gates)
    for gate in gates:  # another thread may have held a lock; all of them, before anything that can fail
        gate._lock, gate._reloading = Lock(), Lock()  # noqa: SLF001 - a gate's own business
        gate._procedure.begin_again()  # noqa: SLF001 - as above
        gate._snapshot.trailed.clear()  # noqa: SLF001 - what records the decisions of this process is prepared in it
    for gate in gates:
        try:
            gate._begin_again()  # noqa: SLF001 - as above
        except Exception as error:  # noqa: BLE001 - one gate that cannot watch must not keep the others from it
            _log.error("the policy is not watched in this process: %s", type(error).__name__)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def _reloaded(watched: ref[Gate], at_rest: Digests) -> Digests | None:
    """Reload a gate whose files have changed and come to rest; give what is seen by that, or None where the gate is gone."""
    gate = watched()
    if gate is None:
        return None
    files = Files()
    try:
        if not gate._reload(files, at_rest):  # noqa: SLF001 - a gate's own business
            return {**at_rest, **dict.fromkeys(files.digests)}  # somebody writes again: looked at again, as if never seen
    except PurposegateError:
        pass  # logged, and kept for whoever asks
    except Exception as error:  # noqa: BLE001 - whatever it is, the last good policy stays, and the watching goes on
        _log.error("the policy was not reloaded: %s", type(error).__name__)
        return {**at_rest, **dict.fromkeys(files.digests)}  # it may do better the next time
    return files.digests


def _refuse_another(old: Revisions, new: Revisions, at: datetime, *, several: bool) -> None:
    """Refuse another policy; and of several revisions, that one is gone which some people may live under."""
    last, now = old.policies[-1], new.policies[-1]
    if (last.id, last.controller) != (now.id, now.controller):
        message = f"the file now holds another policy than `{last.id}`"
        raise PolicyError([Finding("another-policy", Severity.ERROR, message, help="restart the service to change policies")])
    begun = {policy.revision: policy for policy in old.policies if policy.in_force_from is None or policy.in_force_from <= at}
    gone = [name for name in begun if name not in {policy.revision for policy in new.policies}] if several else []
    if gone:
        message = f"revision {gone[0]} is no longer there, and what it did not permit would be"
        place = Location(begun[gone[0]].path, 1, 1)
        raise PolicyError([Finding("missing-revision", Severity.ERROR, message, place, help="put it back into the folder")])


def _wrong_exemptions(exempt: Mapping[str, str], policies: Sequence[Policy]) -> Iterator[Finding]:
    clauses = {policy.rules.texts[number] for policy in policies for number in policy.rules.clauses}
    for clause, ground in exempt.items():
        if clause not in clauses:
            message = f"no rule of the policy cites the clause `{clause}` that is exempt from records"
            yield Finding("unknown-clause", Severity.ERROR, message, help=did_you_mean(clause, clauses))
        elif not ground.strip():
            yield Finding("no-ground", Severity.ERROR, f"no ground is given on which clause {clause} is exempt from records")


def _wrong_facts(facts: Mapping[str, Fact], declared: set[str]) -> Iterator[Finding]:
    for name, function in facts.items():
        if name not in declared:
            message = f"the policy declares no fact `{name}`"
            yield Finding("unknown-fact", Severity.ERROR, message, help=did_you_mean(name, declared))
        elif inspect.iscoroutinefunction(function):
            message = f"the function for the fact `{name}` is a coroutine function, whose answer nobody would await"
            yield Finding("async-fact", Severity.ERROR, message, help="register a plain function")
