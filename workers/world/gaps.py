"""Whose gap it was: minutes in which a number answered nowhere, judged from the world's truth log alone.

A gap begins with one transition of the world, and that names whose it is (`docs/gaps.md`): ours, unforeseeable, or
others'. The bounded interruption at the port is counted apart, and so are minutes in which only the net answered.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict

from events.outcomes import Owner
from workers.world.truth import UNDER_WAY

BOUND: Final = timedelta(minutes=15)
FRESH: Final = timedelta(hours=2)
BY_OTHERS: Final = frozenset({"port-early", "sim-blocked", "handset-lost", "number-deactivated", "kits-swapped"})
"""What other parties do to a line: nobody's command was behind it."""
TAKES_AWAY: Final = frozenset(
    {"execute", "book", "clear-forward", "end-old-line", "insert", "put-back", "collect", "block", "reset"}
)
"""Commands, and letters, that take a way of being reached away."""


class Gap(BaseModel):
    """A half-open stretch in which a caller reached nobody. Times in UTC."""

    model_config = ConfigDict(frozen=True)

    line: str
    since: datetime
    until: datetime
    owner: Owner
    cause: str
    why: str


class Seconds(BaseModel):
    """How long interruptions at the port lasted, in seconds; zeros where there were none."""

    model_config = ConfigDict(frozen=True)

    p50: float = 0
    p99: float = 0
    max: float = 0


class GapReport(BaseModel):
    """Incidents and minutes per owner, minutes in which only the net answered, interruptions at the port."""

    model_config = ConfigDict(frozen=True)

    incidents: dict[Owner, int]
    gap_minutes: dict[Owner, float]
    covered_minutes: float
    port_interruption_seconds: Seconds
    gaps: tuple[Gap, ...]


class _State(NamedTuple):
    at: datetime
    answers: str
    why: str
    ways: Mapping[str, Any]
    cause: Mapping[str, str]

    @property
    def under_way(self) -> bool:
        return self.why == UNDER_WAY


class _Stretch(NamedTuple):
    """States in a row in which nothing answered, up to the first that answers again."""

    opened: int
    since: datetime
    until: datetime


def gap_report(
    lines: Iterable[Mapping[str, Any]],
    *,
    ends: datetime | None = None,
    bound: timedelta = BOUND,
    fresh: timedelta = FRESH,
) -> GapReport:
    """What a truth log says of each gap, its lines in any order between lines of one number's own.

    `ends` closes what is still open (default: the time of the last line), `bound` is how long a port may take, and
    `fresh` how old evidence may be when it has its effect.
    """
    histories, last = _histories(lines)
    gaps: list[Gap] = []
    interruptions: list[float] = []
    covered = timedelta()
    for line, states in histories.items():
        found, lasted, net = _judge(line, states, ends or last or states[-1].at, bound, fresh)
        gaps += found
        interruptions += lasted
        covered += net
    gaps.sort(key=lambda gap: (gap.since, gap.line))
    return GapReport(
        incidents={owner: sum(gap.owner is owner for gap in gaps) for owner in Owner},
        gap_minutes={owner: _minutes(gap.until - gap.since for gap in gaps if gap.owner is owner) for owner in Owner},
        covered_minutes=_minutes([covered]),
        port_interruption_seconds=_spread(interruptions),
        gaps=tuple(gaps),
    )


def _histories(lines: Iterable[Mapping[str, Any]]) -> tuple[dict[str, list[_State]], datetime | None]:
    histories: dict[str, list[_State]] = defaultdict(list)
    last: datetime | None = None
    for line in lines:
        at = datetime.fromisoformat(line["at"])
        last = at if last is None else max(last, at)
        if "answers" in line:
            histories[line["line"]].append(_State(at, line["answers"], line["why"], line["ways"], line["cause"]))
    for states in histories.values():
        states.sort(key=lambda state: state.at)
    return histories, last


def _judge(
    line: str, states: list[_State], ends: datetime, bound: timedelta, fresh: timedelta
) -> tuple[list[Gap], list[float], timedelta]:
    """The gaps of one line, how long its ports interrupted it, and how long only the net answered."""
    until = [*(state.at for state in states[1:]), max(ends, states[-1].at)]
    covered = sum((till - s.at for s, till in zip(states, until, strict=True) if s.answers == "net"), timedelta())
    lasted = [(till - s.at).total_seconds() for s, till in zip(states, until, strict=True) if s.under_way]
    gaps = []
    for stretch in _stretches(states, until, bound):
        if stretch.since == stretch.until:
            continue  # one thing took the way away and another gave it back at that very moment
        opening = states[stretch.opened]
        owner = _owner(states, stretch.opened, fresh)
        what = opening.cause.get("what", "")
        gap = Gap(line=line, since=stretch.since, until=stretch.until, owner=owner, cause=what, why=opening.why)
        gaps.append(gap)
    return gaps, lasted, covered


def _stretches(states: list[_State], until: list[datetime], bound: timedelta) -> Iterator[_Stretch]:
    """Where nothing answered for longer than a port may take. Nothing after nothing is one stretch."""
    current: _Stretch | None = None
    for index, (state, till) in enumerate(zip(states, until, strict=True)):
        since = min(state.at + bound, till) if state.under_way else state.at
        if state.answers != "nothing":
            if current is not None:
                yield current
            current = None
        elif current is not None:
            current = current._replace(until=till)
        elif not (state.under_way and since == till):
            current = _Stretch(index, since, till)
    if current is not None:
        yield current


def _owner(states: list[_State], opened: int, fresh: timedelta) -> Owner:
    """Whose doing the opening transition was; an earlier command on bad evidence makes a later breakage ours."""
    opening = states[opened]
    if opening.cause["kind"] == "command":
        return Owner.UNFORESEEABLE if _well_founded(states, opened, fresh) else Owner.OURS
    if opening.cause["what"] in BY_OTHERS:
        return Owner.OTHERS
    ours = [index for index in range(opened) if _takes_away(states, index)]
    since_handset = [i for i in ours if all(state.answers != "handset" for state in states[i:opened])]
    if any(not _well_founded(states, index, fresh) for index in since_handset):
        return Owner.OURS
    return Owner.UNFORESEEABLE if ours else Owner.OTHERS


def _takes_away(states: list[_State], index: int) -> bool:
    """Whether this was a command that took a way away: to set up a SIM that was dead before takes nothing."""
    state = states[index]
    if state.cause["kind"] != "command" or state.cause["what"] not in TAKES_AWAY:
        return False
    before = states[index - 1].ways if index else {}
    return not before or any(before[way] and before[way] != state.ways[way] for way in before)


def _time(cause: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromisoformat(cause[name]) if cause.get(name) else None


def _well_founded(states: list[_State], index: int, fresh: timedelta) -> bool:
    """Whether the command rested on evidence that was true when taken, and was fresh and in time when it acted.

    One that could not be taken back for some time before it acted is held against its evidence as of then.
    """
    cause = states[index].cause
    acted = _time(cause, "final_at") or _acted_at(states, index)
    evidence, not_after = _time(cause, "evidence_at"), _time(cause, "not_after")
    if evidence is None or acted - evidence > fresh or (not_after is not None and acted > not_after):
        return False
    return any(_bears_out(state, cause) for state in _around(states, evidence))


def _acted_at(states: list[_State], index: int) -> datetime:
    """When the command began to act: a port acts when it begins, not when it is performed."""
    reference = states[index].cause.get("reference")
    return next(state.at for state in states if state.cause.get("reference") == reference)


def _around(states: list[_State], at: datetime) -> list[_State]:
    """How it stood at this time; with what held right before and after, where it changed at that very moment."""
    after = bisect_right(states, at, key=lambda state: state.at)
    first = after - 1
    while first > 0 and states[first].at == at:
        first -= 1
    return states[max(first, 0) : after]


def _bears_out(state: _State, cause: Mapping[str, str]) -> bool:
    """Whether this state is what the command's evidence said."""
    match cause["what"]:
        case "execute" | "book":
            return bool(state.ways["new_sim"]) and state.ways["new_sim"] == cause.get("iccid")
        case "clear-forward":
            return state.answers == "handset"
        case "end-old-line":
            return bool(state.ways["new_sim"])
        case "insert":
            return bool(state.ways["net"])
        case _:
            return False


def _minutes(spans: Iterable[timedelta]) -> float:
    return round(sum(spans, timedelta()).total_seconds() / 60, 2)


def _spread(seconds: list[float]) -> Seconds:
    if not seconds:
        return Seconds()
    ranked = sorted(seconds)

    def rank(share: float) -> float:
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))]

    return Seconds(p50=rank(0.5), p99=rank(0.99), max=ranked[-1])
