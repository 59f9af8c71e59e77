"""How a simulated world begins: whose lines, who is away or leaves when, which waves, with which seed and rates."""

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Self

import holidays
from pydantic import BaseModel, ConfigDict

from events.base import Account, Iccid, Instant, LineId, Msisdn, SubjectId, subject_of
from events.cutover import Network
from events.enrolment import AbsenceAnnounced, AbsenceEnded, Execution, Handset, LeaverAnnounced, LineKind
from events.planning import WaveStarted
from events.registry import AnyFact
from orchestrator.planning import Plan
from workers.imports.roster import Absence, Leaver, Line, Roster
from workers.providers.reports import Spoken
from workers.world.chances import Chances, Policy, Rates
from workers.world.hours import WorkingHours
from workers.world.leader import LEADER
from workers.world.line import LineWorld, Sim
from workers.world.manners import Manners
from workers.world.networks import own_forward

HR: Final = Account("hr")
FILE: Final = "world.json"


class Frozen(BaseModel):
    """A part of the setup."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WaveOpening(Frozen):
    """When the project leader starts this wave, and whom it holds."""

    wave: SubjectId
    opens: Instant
    lines: tuple[LineId, ...] = ()


def openings(planned: Plan) -> tuple[WaveOpening, ...]:
    """The waves of this plan, each started when it opens."""
    return tuple(
        WaveOpening(wave=wave.wave, opens=wave.opens, lines=tuple(line for line, _ in wave.lines))
        for wave in planned.waves
    )


class LineSetup(Frozen):
    """What the world must know of a line."""

    line: LineId
    number: Msisdn
    kind: LineKind
    ports: bool
    execution: Execution
    handset: Handset
    old_iccid: Iccid | None
    born_new: bool


class WorldSetup(Frozen):
    """All that a world begins with. The same setup and the same acts give the same world."""

    seed: int
    starts: Instant
    rates: Rates = Rates()
    policy: Policy = "answers"
    manners: Manners = Manners()
    holidays: tuple[date, ...] = ()
    lines: tuple[LineSetup, ...]
    absences: tuple[Absence, ...] = ()
    leavers: tuple[Leaver, ...] = ()
    waves: tuple[WaveOpening, ...] = ()

    @classmethod
    def of(
        cls,
        roster: Roster,
        *,
        seed: int,
        waves: Iterable[WaveOpening] = (),
        rates: Rates | None = None,
        policy: Policy = "answers",
    ) -> Self:
        """The world of this organisation, with the public holidays of the Netherlands."""
        years = range(roster.starts.year, max(roster.contract_ends, roster.starts + timedelta(days=400)).year + 1)
        return cls(
            seed=seed,
            starts=roster.starts,
            rates=rates or Rates(),
            policy=policy,
            holidays=tuple(sorted(holidays.country_holidays("NL", years=years))),
            lines=tuple(_line(line) for line in roster.lines),
            absences=roster.absences,
            leavers=roster.leavers,
            waves=tuple(waves),
        )

    @property
    def chances(self) -> Chances:
        """What the lines go by."""
        return Chances(self.seed, self.rates, WorkingHours(frozenset(self.holidays)), self.policy)

    def save(self, directory: Path) -> None:
        """Keep the setup beside the world's store, so that a restart needs no arguments."""
        directory.mkdir(parents=True, exist_ok=True)
        beside = directory / f"{FILE}.new"
        beside.write_text(self.model_dump_json(), encoding="utf-8")
        beside.replace(directory / FILE)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """The setup that was kept here."""
        return cls.model_validate_json((directory / FILE).read_text(encoding="utf-8"))


def _line(line: Line) -> LineSetup:
    return LineSetup.model_validate(line.model_dump(include=set(LineSetup.model_fields)))


def beginning(setup: WorldSetup) -> dict[str, LineWorld]:
    """Every line as it is before anything is asked, in the roster's order."""
    chances = setup.chances
    absences: dict[str, list[Absence]] = {}
    for absence in setup.absences:
        absences.setdefault(absence.employee, []).append(absence)
    last_days = {leaver.employee: leaver.last_day for leaver in setup.leavers}
    waves = {line: wave.wave for wave in setup.waves for line in wave.lines}
    lines = {}
    for known in setup.lines:
        subject = subject_of(known.line)
        away = tuple((a.since, a.until) for a in absences.get(subject, ()))
        line = _begun(known, subject, away, last_days.get(subject), chances)
        lines[str(known.line)] = line._replace(wave=waves.get(known.line))
    return lines


def _begun(
    known: LineSetup,
    subject: SubjectId,
    away: tuple[tuple[Instant, Instant], ...],
    last_day: date | None,
    chances: Chances,
) -> LineWorld:
    # A joiner's first line is at the new provider from its first day, on a SIM that was never dispatched by us.
    born = Sim(Iccid("born-new"), active=True, in_phone=True, attached=True)
    return LineWorld(
        line=known.line,
        subject=subject,
        number=known.number,
        kind=known.kind,
        ports=known.ports,
        execution=known.execution,
        handset=known.handset,
        old_sim=known.old_iccid or "",
        old_alive=not known.born_new,
        old_in_phone=not known.born_new,
        served=Network.NEW if known.born_new else Network.OLD,
        bound=born.iccid if known.born_new else "",
        sims=(born,) if known.born_new else (),
        absences=away,
        last_day=last_day,
        old_forward=own_forward(known.line, chances),
    )


def announcements(setup: WorldSetup) -> tuple[Spoken, ...]:
    """What HR and the project leader say by themselves, by when they say it."""
    told = [_hr(a.employee, a.announced, AbsenceAnnounced(since=a.since, until=a.until)) for a in setup.absences]
    told += [_hr(a.employee, a.until, AbsenceEnded()) for a in setup.absences]
    told += [_hr(who.employee, who.announced, LeaverAnnounced(last_day=who.last_day)) for who in setup.leavers]
    for wave in setup.waves:
        fact = WaveStarted(by=LEADER, why="its first slots are near")
        name = f"{wave.wave}:started:{wave.opens:%Y%m%dT%H%M}"
        told.append(Spoken(id=name, source="people", at=wave.opens, subject=wave.wave, actor=LEADER, fact=fact))
    return tuple(sorted(told, key=lambda spoken: (spoken.at, spoken.subject, spoken.id)))


def _hr(employee: SubjectId, at: Instant, fact: AnyFact) -> Spoken:
    name = f"{employee}:{fact.type.split('.')[-2]}:{at:%Y%m%dT%H%M}"
    return Spoken(id=name, source="hr", at=at, subject=employee, actor=HR, fact=fact)
