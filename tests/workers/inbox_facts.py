"""What comes into an inbox, for the tests of the journal: a line's life, a small town, one fact of every kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import cast

from hypothesis import strategies as st

from events.base import LineId, Message, SubjectId
from events.codec import decode_fact, encode
from events.control import TimeCome
from events.envelope import Said
from events.registry import FACT_TYPES, AnyFact
from orchestrator.planning import capacity_for, facts_of_plan, plan
from orchestrator.terms import Terms
from tests.core.spec import given
from workers.contracts.samples import sample
from workers.imports.facts import facts_of
from workers.imports.planned import plan_lines_of
from workers.imports.sample import STARTS, generate
from workers.journal.fold import Fold
from workers.journal.outputs import outputs
from workers.journal.record import Entry
from workers.runtime.terms import ZONE, public_holidays
from workers.world.chances import Rates
from workers.world.setup import WorldSetup, announcements, openings

PROGRAMME = "demo"
TERMS = Terms(programme=PROGRAMME, zone=ZONE, holidays=public_holidays())
MONDAY = datetime(2027, 3, 1, 8, tzinfo=UTC)
SUBJECTS = tuple(map(SubjectId, ("E-0001", "E-0002", "S-desk", "W-01", "R-desk_1", "K-main", f"P-{PROGRAMME}")))


@dataclass(frozen=True)
class Record:
    """A record of the inbox, with the decider's now when it comes to it."""

    raw: bytes | None
    key: bytes | None
    now: datetime


def record(said: Said[AnyFact], now: datetime | None = None) -> Record:
    """The record that this message is."""
    return Record(encode(said), said.subject.encode(), now or said.recorded)


def said(subject: str, fact: AnyFact, *, id_: str = "f-1", at: datetime = MONDAY) -> Said[AnyFact]:
    """This fact, said to this subject."""
    return Said(id_, "/test", SubjectId(subject), at, at, fact, trace=f"00-{'a' * 32}-{'b' * 16}-01", actor="els")


def an_example(kind: type[Message], subject: str) -> AnyFact:
    """The example of this kind, about the first line of this subject."""
    example = sample(kind)
    if "line" in kind.model_fields:
        example = example.model_copy(update={"line": LineId(f"{subject}-1")})
    return cast("AnyFact", example)


@cache
def life(**line: str) -> tuple[Said[AnyFact], ...]:
    """All that is heard while one line moves by the happy path; times are the stage's."""
    history = given("done", **line).stage.history
    return tuple(said(h.subject, h.fact, id_=f"life/{n}", at=h.at) for n, h in enumerate(history))


@cache
def town(employees: int, seed: int = 3) -> tuple[Said[AnyFact], ...]:
    """The import of an invented town, its plan, its waves started, and the rounds in which kits are granted."""
    roster = generate(employees, seed, STARTS)
    lines = plan_lines_of(roster)
    planned = plan(lines, starts=STARTS, terms=TERMS, per_day=capacity_for(len(lines)))
    setup = WorldSetup.of(roster, seed=seed, waves=openings(planned), rates=Rates.calm(), policy="answers")
    told = [Said(f"plan/{n}", "/plan", s, STARTS, STARTS, fact) for n, (s, fact) in enumerate(facts_of_plan(planned))]
    spoken = [Said(a.id, a.source, a.subject, a.at, a.at, a.fact, actor=a.actor) for a in announcements(setup)]
    imported = facts_of(roster, at=STARTS, programme=PROGRAMME)
    granting = sorted({each.subject for each in imported if each.subject[0] in "RK"} | {w.wave for w in planned.waves})
    return (*imported, *told, *spoken, *_rounds(granting, at=max(one.time for one in spoken)))


@cache
def talking(employees: int) -> tuple[Said[AnyFact], ...]:
    """A small town, with what its subjects say to each other in between."""
    fold, heard, coming = Fold(0, TERMS), [], deque(town(employees))
    while coming:
        one = coming.popleft()
        heard.append(one)
        ((_, entry),) = fed(fold, [record(one)])
        told = [decode_fact(output.value) for output in outputs(entry, 0) if output.topic == "inbox"]
        coming.extendleft(reversed(told))
    return tuple(heard)


def _rounds(subjects: Iterable[SubjectId], *, at: datetime) -> Iterator[Said[AnyFact]]:
    """The time of these subjects comes, on some days in a row."""
    for day in range(1, 4):
        at += timedelta(days=1)
        for subject in subjects:
            yield Said(f"time/{subject}/{day}", "/clock", subject, at, at, TimeCome(due=at))


def fed(fold: Fold, records: Iterable[Record]) -> list[tuple[bytes, Entry]]:
    """The fold decides these records, one after the other from where it stands."""
    return [fold.decide(r.raw, key=r.key, offset=fold.offset + 1, now=r.now) for r in records]


def known(fold: Fold) -> dict[str, object]:
    """All that a fold knows, but for where it reads."""
    return {field.name: getattr(fold, field.name) for field in fields(fold) if field.name != "position"}


_HALF = encode(said("E-0001", an_example(TimeCome, "E-0001")))[:-9]
_WORDS = (b"", b"{", b"null", b'{"specversion":"1.0"}', b"\xff\xfe", _HALF)
_TIMES = st.integers(-50_000, 50_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
_KINDS = st.sampled_from(sorted(FACT_TYPES.values(), key=lambda kind: kind.__name__))


@st.composite
def odd_records(draw: st.DrawFn) -> Record:
    """Any fact to any subject, its business or not, under few ids, so that some come twice; or rubbish."""
    key = draw(st.sampled_from([*SUBJECTS, "", "E-", "x-1", "E-0009"])).encode()
    if draw(st.integers(0, 9)) == 0:
        return Record(draw(st.sampled_from(_WORDS)), key, draw(_TIMES))
    subject = draw(st.sampled_from(SUBJECTS))
    one = said(subject, an_example(draw(_KINDS), subject), id_=str(draw(st.integers(0, 40))), at=draw(_TIMES))
    keyed = key if draw(st.integers(0, 9)) == 0 else subject.encode()
    return Record(encode(one), keyed, draw(_TIMES))


@st.composite
def streams(draw: st.DrawFn) -> list[Record]:
    """A stretch of a line's life or of a small town, out of order in places, with odd records in between."""
    whole = draw(st.sampled_from([life(), life(execution="booked"), talking(3)]))
    some = [record(one) for one in draw(st.lists(st.sampled_from(whole), max_size=25))]
    odd = draw(st.lists(odd_records(), max_size=15))
    first = [record(one) for one in whole[: draw(st.integers(0, len(whole)))]]
    return [*first, *draw(st.permutations([*some, *odd]))]
