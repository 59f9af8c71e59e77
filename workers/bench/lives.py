"""Lives of lines as the inbox would hold them: played once by the real decisions, then multiplied by departments.

A department is ten lines of every kind, with a stock, a wave and a duty roster of its own. It is played from enrolment
to the last day of after-care by the stage and the helpful others of the stories, and every message heard is kept. Other
departments live the same life under their own ids, all at once, so that the inbox is in the order of time.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from events.base import Iccid, Imei, LineId, Msisdn, PersonId, SubjectId, subject_of
from events.codec import encode
from events.control import TimeCome
from events.enrolment import Critical, EmployeeEnrolled, Execution, Handset, LineKind, MandateFiled
from events.envelope import Said
from events.places import Kit, KitsDelivered, RosterFormed
from events.planning import LinePlanned, Slot, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator.terms import Terms
from workers.clock.saying import time_come
from workers.journal.record import SOURCE as DECIDER
from workers.runtime.topics import partition_of
from workers.scenario.beginning import enrolled
from workers.scenario.others import LEADER, StoryOthers
from workers.scenario.stage import Heard, Stage
from workers.scenario.story import Act, GivenLine, Level

SOURCE: Final = "/naadloos/bench"
TAG: Final = b"D0000"
"""Stands in every id of the department that is played; another department has another number there."""
MOST: Final = 10_000
BEGINS: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SLOT: Final = Slot(start=datetime(2026, 12, 10, 9, 0, tzinfo=UTC), end=datetime(2026, 12, 10, 11, 0, tzinfo=UTC))
BATCH: Final = Slot(start=datetime(2026, 12, 10, 22, 0, tzinfo=UTC), end=datetime(2026, 12, 11, 4, 0, tzinfo=UTC))
HORIZON: Final = timedelta(days=90)
STOCK, WAVE, ROSTER = (SubjectId(f"{letter}-{TAG.decode()}") for letter in "KWR")

KINDS: Final = (
    *("voice",) * 4,
    *("kept phone",) * 1,
    *("booked",) * 2,
    *("data",) * 2,
    *("critical",) * 1,
)
"""The ten lines of a department."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the inbox."""

    partition: int
    key: bytes
    value: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class _Heard:
    key: bytes
    value: bytes
    at: datetime
    told_by: tuple[int, int] | None
    """Which message's decision said it, and as the how manyth; None for what came from outside."""


@dataclass(frozen=True)
class Department:
    """One department's messages in the order of time, and what is ordered on them."""

    heard: tuple[_Heard, ...]
    commands: int
    tells: int
    lines: int


def play(terms: Terms) -> Department:
    """A department's whole life, decided by the real code and answered by helpful others."""
    lines = tuple(_line(index, kind) for index, kind in enumerate(KINDS))
    others = StoryOthers(lines, lambda _command, _wanted: ())
    others.acts = {line.id: frozenset(Act) for line in lines}
    stage = Stage(terms, BEGINS, others)
    for subject, fact in _beginning(lines):
        stage.say(subject, fact)
    stage.advance(BEGINS + HORIZON)
    unfinished = [line.id for line in stage.lines() if line.done_at is None]
    assert not unfinished, f"the department's life does not end: {unfinished}"
    return Department(
        heard=tuple(_kept(stage.history)),
        commands=sum(len(heard.decision.commands) for heard in stage.history),
        tells=sum(len(heard.decision.tells) for heard in stage.history),
        lines=len(lines),
    )


def records(department: Department, *, most: int, partitions: int) -> Iterator[Record]:
    """The inbox of as many whole departments as fit into so many records, at least one, in the order of time."""
    departments = max(1, most // len(department.heard))
    assert departments <= MOST, "the ids of a department have four digits"
    tags = [b"D%04d" % number for number in range(departments)]
    ends = [0] * partitions
    places: dict[tuple[int, int], str] = {}
    for index, heard in enumerate(department.heard):
        for number, tag in enumerate(tags):
            key = heard.key.replace(TAG, tag)
            partition = partition_of(SubjectId(key.decode()), partitions)
            value = heard.value.replace(TAG, tag)
            if heard.told_by is not None:
                cause, place = heard.told_by
                value = value.replace(_told(cause, place), f"t/{places[number, cause]}/{place}".encode())
            places[number, index] = f"{partition}/{ends[partition]}"
            ends[partition] += 1
            yield Record(partition, key, value, heard.at)


def _line(index: int, kind: str) -> GivenLine:
    data, booked = kind == "data", kind == "booked"
    return GivenLine(
        id=LineId(f"E-{TAG.decode()}{index}-1"),
        number=Msisdn(f"+3161234567{index}"),
        old_iccid=Iccid(f"893111100000000000{index}"),
        kind=LineKind.DATA if data else LineKind.VOICE,
        ports=not data,
        execution=Execution.BOOKED if booked else Execution.ON_CALL,
        handset=Handset.KEPT if kind == "kept phone" else Handset.NEW,
        critical=Critical.FIRST_AIDER if kind == "critical" else None,
        net=Msisdn("+31201234567"),
        rosters=(ROSTER,) if kind == "critical" else (),
        members=(),
        wave=WAVE,
        slot=BATCH if booked else SLOT,
        until=Level.DONE,
        mandate=True,
        born_new=False,
        first_possible=BEGINS + timedelta(days=8),
        place=0,
    )


def _beginning(lines: tuple[GivenLine, ...]) -> Iterator[tuple[SubjectId, AnyFact]]:
    yield STOCK, KitsDelivered(kits=tuple(kit for index in range(len(lines)) for kit in _kits(index)))
    yield ROSTER, RosterFormed(title="first aid", members=10, share=0.5)
    for line in lines:
        subject = subject_of(line.id)
        yield subject, EmployeeEnrolled(person=PersonId(f"p-{subject}"), department="works", site="hall")
        yield subject, enrolled(line).model_copy(update={"stock": STOCK})
        if line.ports:
            yield subject, MandateFiled(line=line.id, mandate="m-1")
        yield subject, LinePlanned(line=line.id, wave=line.wave, slot=line.slot)
    ids = tuple(line.id for line in lines)
    yield WAVE, WavePlanned(title="works", lines=ids, opens=BEGINS, slots=(SLOT,), batches=(BATCH,), per_slot=9)
    yield WAVE, WaveStarted(by=LEADER, why="its turn")


def _kits(index: int) -> Iterator[Kit]:
    """One with a handset and one without, since a line takes what it needs."""
    yield Kit(iccid=Iccid(f"893144000000000000{index}"), imei=Imei(f"35000000000000{index}"))
    yield Kit(iccid=Iccid(f"893144000000000001{index}"))


def _kept(history: list[Heard]) -> Iterator[_Heard]:
    """Every message as it stood on the wire. What a subject told another has the id that the decider gives it."""
    waiting: defaultdict[tuple[SubjectId, str], deque[tuple[int, int]]] = defaultdict(deque)
    ids: list[str] = []
    for index, heard in enumerate(history):
        told = waiting[heard.subject, heard.fact.model_dump_json()]
        by = told.popleft() if told else None
        said = _said(heard, by, number=index, causes=ids)
        ids.append(said.id)
        for place, tell in enumerate(heard.decision.tells):
            waiting[tell.to, tell.fact.model_dump_json()].append((index, place))
        yield _Heard(heard.subject.encode(), encode(said), heard.at, by)


def _said(heard: Heard, by: tuple[int, int] | None, *, number: int, causes: list[str]) -> Said[Any]:
    if isinstance(heard.fact, TimeCome):
        return time_come(heard.subject, heard.fact.due, heard.at)
    return Said(
        id=_told(*by).decode() if by else f"bench/{heard.subject}/{number}",
        source=DECIDER if by else SOURCE,
        subject=heard.subject,
        time=heard.at,
        recorded=heard.at,
        message=heard.fact,
        correlation=heard.subject,
        causation=causes[by[0]] if by else "",
    )


def _told(cause: int, place: int) -> bytes:
    return f"told/{cause}/{place}".encode()
