"""A programme in memory: facts are decided by the real fold, as a decider would, and everything reads from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from events.base import Account, Iccid, Imei, LineId, Msisdn, PersonId, SubjectId, subject_of
from events.codec import encode
from events.control import ProgrammeOpened
from events.enrolment import Critical, EmployeeEnrolled, LineEnrolled, LineKind, MandateFiled
from events.envelope import Said
from events.places import Kit, KitGranted, KitsDelivered
from events.planning import LinePlanned, Slot, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.cli.session import Session
from workers.journal.fold import Fold
from workers.journal.past import pasts_of
from workers.journal.record import Entry
from workers.runtime.letters import Found
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.views.known import Known
from workers.views.waits import Waits

SETTINGS = Settings(programme="gm", partitions=1)
TERMS: Terms = terms_of(SETTINGS)
START = datetime(2027, 1, 11, 7, 0, tzinfo=UTC)
ANN, BOB, EVE = SubjectId("E-0001"), SubjectId("E-0002"), SubjectId("E-0003")
WAVE = SubjectId("W-01")
STOCK = SubjectId("K-main")
SLOT = Slot(start=datetime(2027, 2, 15, 8, 0, tzinfo=UTC), end=datetime(2027, 2, 15, 10, 0, tzinfo=UTC))
OLD_SIM = Iccid("8931080000000000019")
SIM = Iccid("8931440000000000014")
OTHER_SIM = Iccid("8931440000000000022")
HANDSET = Imei("490154203237518")
OTHER_HANDSET = Imei("356938035643809")
ELS = Account("els")


def line_of(subject: SubjectId, number: int = 1) -> LineId:
    return LineId(f"{subject}-{number}")


@dataclass
class Told:
    """Says facts and keeps what was decided."""

    fold: Fold = field(default_factory=lambda: Fold(0, TERMS))
    entries: list[Entry] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)
    waits: Waits = field(default_factory=Waits)
    at: datetime = START

    def say(self, subject: SubjectId, fact: AnyFact, *, at: datetime | None = None, actor: str = "") -> Entry:
        self.at = max(self.at, at or self.at)
        said = Said(
            id=f"f-{len(self.entries)}",
            source="/test",
            subject=subject,
            time=at or self.at,
            recorded=self.at,
            message=fact,
            actor=actor,
        )
        return self.decide(encode(said), subject)

    def decide(self, raw: bytes, subject: SubjectId) -> Entry:
        offset = self.fold.offset + 1
        value, entry = self.fold.decide(raw, key=subject.encode(), offset=offset, now=self.at)
        self.entries.append(entry)
        self.values.append(value)
        self.waits.hear(entry)
        return entry

    def employee(self, subject: SubjectId, *, superuser: SubjectId | None = BOB, department: str = "parks") -> Told:
        enrolled = EmployeeEnrolled(
            person=PersonId(f"p-{subject}"), department=department, site="hall", superuser=superuser
        )
        self.say(subject, enrolled)
        return self

    def line(self, line: LineId, **others: object) -> Told:
        number = Msisdn(f"+316{abs(hash(line)) % 10**8:08}")
        mandate = str(others.pop("mandate", "M-1"))
        enrolled = {"line": line, "number": number, "kind": LineKind.VOICE, "ports": True, "net": "+31412600001"}
        self.say(subject_of(line), LineEnrolled.model_validate({**enrolled, **others}))
        if mandate:
            self.say(subject_of(line), MandateFiled(line=line, mandate=mandate))
        return self

    def wave(self, *lines: LineId, started: bool = True) -> Told:
        planned = WavePlanned(title="pilot", lines=lines, opens=START, slots=(), per_slot=1)
        self.say(WAVE, planned)
        for line in lines:
            self.say(subject_of(line), LinePlanned(line=line, wave=WAVE, slot=SLOT))
        if started:
            for tell in self.say(WAVE, WaveStarted(by=ELS, why="pilot")).decision.tells:
                self.say(tell.to, tell.fact)
        return self

    def kit(self, line: LineId, iccid: Iccid = SIM, imei: Imei | None = HANDSET) -> Told:
        kit = Kit(iccid=iccid, imei=imei)
        self.say(STOCK, KitsDelivered(kits=(kit,)))
        self.say(subject_of(line), KitGranted(line=line, attempt=1, kit=kit))
        return self

    def state(self, subject: SubjectId) -> State:
        return self.fold.state(subject)

    def known(self) -> Known:
        return Known.of({0: self.fold}, TERMS)


def small_town() -> Told:
    """Ann has a voice line and is in a running wave with Bob, her superuser and first-aider; Eve is in no wave."""
    told = Told()
    told.say(SubjectId("P-gm"), ProgrammeOpened(title="Trial", contract_ends=datetime(2027, 7, 12, tzinfo=UTC)))
    told.employee(ANN).employee(BOB, superuser=None).employee(EVE, department="roads")
    told.line(line_of(ANN), old_iccid=OLD_SIM).line(line_of(BOB), critical=Critical.FIRST_AIDER)
    told.line(line_of(EVE), mandate="")
    return told.wave(line_of(ANN), line_of(BOB))


@dataclass
class Journal:
    """The journal of a programme in memory, followed from its beginning."""

    told: Told
    position: int = 0

    def read(self) -> Iterator[tuple[int, Entry]]:
        fresh = self.told.entries[self.position :]
        self.position = len(self.told.entries)
        return iter([(0, entry) for entry in fresh])

    def catch_up(self, seen: Callable[[int, Entry], None] | None = None) -> None:
        for partition, entry in self.read():
            if seen is not None:
                seen(partition, entry)

    def in_order(self) -> Iterator[tuple[int, Entry]]:
        return self.read()

    def inbox_ends(self) -> dict[int, int]:
        return {0: self.told.fold.offset + 1}


@dataclass
class Again(Journal):
    """The journal of a programme in memory, folded again from its first record."""

    fold: Fold = field(kw_only=True)

    def read(self) -> Iterator[tuple[int, Entry]]:
        fresh, self.position = self.told.values[self.position :], len(self.told.values)
        followed = (self.fold.follow(value) for value in fresh)
        return ((0, entry) for entry in followed if entry is not None)


@dataclass
class Inbox:
    """An inbox that is decided at once."""

    told: Told
    people: list[Said[Any]] = field(default_factory=list)

    def say(
        self,
        subject: SubjectId,
        fact: AnyFact,
        *,
        at: datetime,
        actor: Account,
        source: str,
        id: str | None = None,  # noqa: A002 - as `workers.runtime.saying`
        recorded: datetime | None = None,
        cause: str = "",
    ) -> Said[AnyFact]:
        said = Said(
            id=id or f"cli-{len(self.told.entries)}",
            source=source,
            subject=subject,
            time=at,
            recorded=recorded or at,
            message=fact,
            causation=cause,
            actor=actor,
        )
        self.told.decide(encode(said), subject)
        return said

    def again(self, found: Found, *, act: str) -> None:
        assert act
        self.told.decide(found.value or b"", SubjectId((found.key or b"").decode()))

    def say_all(self, saids: Iterable[Said[Any]]) -> None:
        for said in saids:
            self.told.decide(encode(said), said.subject)

    def make_known(self, people: Iterable[Said[Any]]) -> None:
        self.people.extend(people)

    def flush(self) -> None:
        return None


class InMemory(Session):
    """A session on a programme in memory."""

    told: Told

    def inbox(self) -> Any:  # noqa: ANN401 - stands where the Kafka one does
        return Inbox(self.told)

    def now(self) -> datetime:
        return self.past or self.told.at


def opened_on(told: Told) -> Callable[..., Any]:
    """What stands in for `workers.cli.session.session` in a command under test."""

    @contextmanager
    def session(
        *, only: SubjectId | None = None, past: datetime | None = None, hindsight: bool = False, **_others: object
    ) -> Iterator[Session]:
        opened = InMemory(SETTINGS, TERMS, {0: told.fold}, Journal(told))
        if only is not None and only not in told.fold.states:
            # Whom nobody knows lives on another partition than those who are known.
            opened = InMemory(SETTINGS, TERMS, {1: Fold(1, TERMS)}, Journal(told, position=len(told.entries)))
        if past is not None:
            (then,) = pasts_of(1, TERMS, until=past, hindsight=hindsight)
            opened = InMemory(SETTINGS, TERMS, {0: then}, Again(told, fold=then), past=past)
        opened.told = told
        yield opened

    return session
