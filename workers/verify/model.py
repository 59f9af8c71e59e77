"""One explored system: who takes part, how it begins, and the limits it goes by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from events.base import Iccid, Imei, LineId, Msisdn, PersonId, SubjectId, subject_of
from events.enrolment import EmployeeEnrolled, LineEnrolled, LineKind, MandateFiled
from events.places import Kit, KitsDelivered, RosterFormed
from events.planning import LinePlanned, Slot, WavePlanned, WaveStarted
from events.registry import AnyFact
from orchestrator import subjects
from orchestrator.terms import Terms
from workers.verify.situation import Mail, Origin, Situation
from workers.world.chances import Rates
from workers.world.hours import AMSTERDAM, WorkingHours
from workers.world.leader import LEADER
from workers.world.line import LineWorld, TruthLine
from workers.world.truth import BEGINNING, answered_by

STARTS: Final = datetime(2027, 1, 11, 7, tzinfo=UTC)
"""A Monday."""
STOCK: Final = SubjectId("K-main")
WAVE: Final = SubjectId("W-01")
SECOND_WAVE: Final = SubjectId("W-02")
TERMS: Final = Terms(programme="verify", zone=AMSTERDAM, after_care_days=1)
"""The programme's own limits, but for one working day of after-care in place of three: the same is done on each."""
RATES: Final = Rates(no_reply=0)
"""Whatever may happen in the world does; that an answer gets lost is a deviation of its own."""
HOURS: Final = WorkingHours(frozenset())
"""When people work here: no day is a holiday."""
PORTING: Final = frozenset({LineKind.VOICE, LineKind.SHARED})


@dataclass(frozen=True)
class Model:
    """A system to explore: its lines, their first slot, and what else there is."""

    name: str
    lines: tuple[LineEnrolled, ...]
    slot: Slot
    spare: tuple[Slot, ...]
    rosters: Mapping[SubjectId, RosterFormed] = field(default_factory=dict)
    later: frozenset[LineId] = frozenset()
    """The lines of a second wave."""
    kits: int = 10
    per_slot: int = 1
    terms: Terms = TERMS
    rates: Rates = RATES
    hours: WorkingHours = HOURS

    @cached_property
    def subjects(self) -> tuple[SubjectId, ...]:
        """Whoever has an inbox here, lines' holders first."""
        holders = dict.fromkeys(subject_of(line.line) for line in self.lines)
        return (*holders, *self.waves, STOCK, *self.rosters)

    @cached_property
    def waves(self) -> tuple[SubjectId, ...]:
        """The waves that the lines are in."""
        return tuple(dict.fromkeys(self.wave_of(line.line) for line in self.lines))

    def wave_of(self, line: LineId) -> SubjectId:
        """The wave that this line is planned in."""
        return SECOND_WAVE if line in self.later else WAVE

    def begins(self) -> Situation:
        """Everything enrolled, planned and started, and nothing heard of it yet."""
        worlds = tuple(_world(line, self.wave_of(line.line)) for line in self.lines)
        return Situation(
            now=STARTS,
            states=tuple(subjects.fresh(subject) for subject in self.subjects),
            looks=(None,) * len(self.subjects),
            worlds=worlds,
            tails=tuple((TruthLine(STARTS, answered_by(world), BEGINNING),) for world in worlds),
            queue=tuple(Mail(subject, fact, STARTS, Origin.OPERATOR) for subject, fact in self._said()),
        )

    def _said(self) -> list[tuple[SubjectId, AnyFact]]:
        said: list[tuple[SubjectId, AnyFact]] = list(self.rosters.items())
        said.append((STOCK, KitsDelivered(kits=tuple(kit(number) for number in range(1, 2 * self.kits + 1)))))
        said += [(wave, self._planned(wave)) for wave in self.waves]
        for line in self.lines:
            said += self._enrolled(line)
        said += [(wave, WaveStarted(by=LEADER, why="all is ready")) for wave in self.waves]
        return said

    def _planned(self, wave: SubjectId) -> WavePlanned:
        names = tuple(line.line for line in self.lines if self.wave_of(line.line) == wave)
        told = {"title": "all", "lines": names, "opens": STARTS, "slots": self.spare, "batches": self.spare}
        return WavePlanned.model_validate({**told, "per_slot": self.per_slot})

    def _enrolled(self, line: LineEnrolled) -> list[tuple[SubjectId, AnyFact]]:
        holder = subject_of(line.line)
        facts: list[AnyFact] = [EmployeeEnrolled(person=PersonId(f"p-{holder}"), department="all", site="hall"), line]
        if line.ports:
            facts.append(MandateFiled(line=line.line, mandate=f"mandate-{line.line}"))
        facts.append(LinePlanned(line=line.line, wave=self.wave_of(line.line), slot=self.slot))
        return [(holder, fact) for fact in facts]


def _world(line: LineEnrolled, wave: SubjectId) -> LineWorld:
    return LineWorld(
        line=line.line,
        subject=subject_of(line.line),
        number=line.number,
        kind=line.kind,
        ports=line.ports,
        execution=line.execution,
        handset=line.handset,
        wave=wave,
        old_sim=line.old_iccid or "",
    )


def kit(number: int) -> Kit:
    """The kit of this number: every second one holds a handset."""
    imei = Imei(f"{350000000000000 + number}") if number % 2 else None
    return Kit(iccid=Iccid(f"8931440{number:012d}"), imei=imei)


def line(number: int, kind: LineKind, **others: object) -> LineEnrolled:
    """The first line of the employee of this number; `others` are fields of `LineEnrolled`."""
    holder = "S" if kind is LineKind.SHARED else "E"
    ports = kind in PORTING
    told = {
        "line": LineId(f"{holder}-000{number}-1"),
        "number": Msisdn(f"+3161111111{number}"),
        "kind": kind,
        "ports": ports,
        "old_iccid": Iccid(f"893144099999999999{number}"),
        "net": Msisdn("+31881110000") if ports else None,
    }
    return LineEnrolled.model_validate({**told, **others})
