"""What came of a run: what was struck, what was done, and what was broken. Reports of several runs add up to one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict

from events.outcomes import Owner
from workers.runtime.language import _
from workers.runtime.unable import UnableToUnderstandError


class Part(BaseModel):
    """A part of a report; nobody changes it."""

    model_config = ConfigDict(frozen=True)


class ChaosEffects(Part):
    """Effects in the world, per business key."""

    done: int = 0
    repeated: int = 0
    """Done again under a key that was done before. Must be 0."""
    maybe_twice: int = 0
    """Letters that went out once more since nobody could tell whether they had."""
    missing: int = 0
    """Ordered and never answered, or answered as done and not done. Must be 0."""


class Struck(Part):
    """One rehearsal that was struck, and what was found afterwards."""

    seed: int
    employees: int
    lines: int
    records: int
    lost: int
    doubled: int
    ignored: int
    """Journal records that no reader minds: a zombie's, a late writer's."""
    duplicates: int
    """Inbox records that said what was heard before."""
    effects: ChaosEffects
    gap_minutes: dict[Owner, float]
    strikes: dict[str, int]
    """By kind, as they are called in `workers/chaos/strikes.py`."""
    killed: dict[str, int]
    """Kills by worker."""
    cuts: int
    """Connections that were cut."""
    answers_lost: int
    """Appends that were acknowledged to nobody."""
    said_again: int
    """Messages that were said again on purpose."""
    left_in_peace: int = 0
    """How often nothing was struck for a while, since nothing had been decided for two minutes."""
    owed: tuple[str, ...] = ()
    """What of the first round never fell: kind, and whom where that was settled."""
    compared: bool = False
    """Whether each line's outcome was held against that of the same seed undisturbed."""
    seconds: float
    wrong: tuple[str, ...] = ()
    """What was broken, in words. Must be empty."""


class ChaosReport(Part):
    """A run, or several: the sum of their rehearsals."""

    seeds: tuple[int, ...]
    minutes: float
    rehearsals: int
    employees: int
    kills: int
    stops: int
    cuts: int
    broker_kills: int
    broker_stops: int
    answers_lost: int
    strikes: dict[str, int]
    killed: dict[str, int]
    records: int
    lost: int
    doubled: int
    ignored: int
    duplicates: int
    said_again: int
    left_in_peace: int = 0
    owed: tuple[str, ...] = ()
    """What of a first round never fell, with the seed of its rehearsal."""
    effects: ChaosEffects
    gap_minutes: dict[Owner, float]
    compared: int
    """Rehearsals whose outcome per line was compared with that of the same seed undisturbed."""
    broken: tuple[str, ...] = ()
    """Why a rehearsal did not come to its end. Must be empty."""
    wrong: tuple[str, ...]
    codes: tuple[str, ...]
    """Fingerprints of the code that was struck: one, unless reports of several versions were added up."""
    parts: tuple[Struck, ...]

    @property
    def kept(self) -> bool:
        """Whether every promise was kept, and something was struck in every rehearsal."""
        lost = self.lost or self.doubled or self.effects.repeated or self.effects.missing
        broken = lost or self.wrong or self.broken or self.gap_minutes[Owner.OURS] > 0
        return bool(self.parts) and all(part.strikes for part in self.parts) and not broken


def summed(
    parts: Sequence[Struck], *, seeds: Iterable[int], codes: Iterable[str], broken: Iterable[str] = ()
) -> ChaosReport:
    """The report of these rehearsals; `broken` is what kept one from coming to its end."""
    strikes, killed = _added(part.strikes for part in parts), _added(part.killed for part in parts)
    return ChaosReport(
        seeds=tuple(sorted(set(seeds))),
        minutes=round(sum(part.seconds for part in parts) / 60, 1),
        rehearsals=len(parts),
        employees=sum(part.employees for part in parts),
        kills=sum(killed.values()),
        stops=strikes.get("stop", 0),
        cuts=sum(part.cuts for part in parts),
        broker_kills=strikes.get("broker-kill", 0),
        broker_stops=strikes.get("broker-stop", 0),
        answers_lost=sum(part.answers_lost for part in parts),
        strikes=strikes,
        killed=killed,
        records=sum(part.records for part in parts),
        lost=sum(part.lost for part in parts),
        doubled=sum(part.doubled for part in parts),
        ignored=sum(part.ignored for part in parts),
        duplicates=sum(part.duplicates for part in parts),
        said_again=sum(part.said_again for part in parts),
        left_in_peace=sum(part.left_in_peace for part in parts),
        owed=tuple(f"{part.seed}: {what}" for part in parts for what in part.owed),
        effects=_effects(parts),
        gap_minutes={owner: round(sum(part.gap_minutes[owner] for part in parts), 2) for owner in Owner},
        compared=sum(part.compared for part in parts),
        broken=tuple(broken),
        wrong=tuple(f"{part.seed}: {why}" for part in parts for why in part.wrong),
        codes=tuple(sorted(set(codes))),
        parts=tuple(parts),
    )


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(sorted(total.items()))


def _effects(parts: Sequence[Struck]) -> ChaosEffects:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part.effects.model_dump())
    return ChaosEffects.model_validate(total)


def merged(reports: Sequence[ChaosReport]) -> ChaosReport:
    """One report of all. Raises `UnableToUnderstandError` where a rehearsal would be counted twice."""
    parts = [part for report in reports for part in report.parts]
    twice = [seed for seed, count in Counter(part.seed for part in parts).items() if count > 1]
    if twice:
        raise UnableToUnderstandError(
            _("Not added up: the rehearsal of seed {seed} stands in more than one report.").format(seed=twice[0])
            + "\n"
            + _("Nothing was written. Run it with another seed:  naadloos chaos --seed NUMBER")
        )
    seeds = [seed for report in reports for seed in report.seeds]
    codes = [code for report in reports for code in report.codes]
    return summed(parts, seeds=seeds, codes=codes, broken=[why for report in reports for why in report.broken])
