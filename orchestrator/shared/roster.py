"""A duty roster: how many of it may be in one cut-over window (`scenarios/S39.yaml`)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, assert_never

from events.base import LineId, SubjectId, subject_of
from events.control import TimeCome
from events.places import PlaceAsked, PlaceGranted, PlaceRefused, PlaceReturned, RosterFact, RosterFormed
from orchestrator.decision import Because, Decision, Tell
from orchestrator.reasons import Reason
from orchestrator.record import with_
from orchestrator.terms import Terms

MOST_SPARED: Final = 1_000_000_000
"""No roster has more members, whatever it is said to have."""


@dataclass(frozen=True)
class Roster:
    """What is known of a duty roster."""

    id: SubjectId
    formed: RosterFormed | None = None
    asks: Mapping[LineId, PlaceAsked] = field(default_factory=dict)  # open ones
    granted: Mapping[LineId, PlaceAsked] = field(default_factory=dict)


def heard(roster: Roster, fact: RosterFact | TimeCome, _at: datetime) -> Roster:
    """What is known once this fact was heard."""
    match fact:
        case RosterFormed():
            return with_(roster, formed=fact)
        case PlaceAsked():
            held = roster.granted.get(fact.line)
            if held is not None and held.start == fact.start:
                return roster
            return with_(roster, asks={**roster.asks, fact.line: fact})
        case PlaceReturned():
            return with_(
                roster,
                asks={k: v for k, v in roster.asks.items() if k != fact.line or v.start != fact.start},
                granted={k: v for k, v in roster.granted.items() if k != fact.line or v.start != fact.start},
            )
        case TimeCome():
            return roster
        case _:
            assert_never(fact)


def told(roster: Roster, tells: tuple[Tell, ...]) -> Roster:
    """What is known once this was answered to the lines, all of a round together."""
    facts = [tell.fact for tell in tells if isinstance(tell.fact, PlaceGranted | PlaceRefused)]
    if not facts:
        return roster
    answered = {fact.line for fact in facts}
    granted = {f.line: roster.asks[f.line] for f in facts if isinstance(f, PlaceGranted) and f.line in roster.asks}
    return with_(
        roster,
        asks={line: ask for line, ask in roster.asks.items() if line not in answered},
        granted={**roster.granted, **granted},
    )


def limit(roster: Roster) -> int:
    """How many of the roster may be in one window: its share rounded down, but at least one, or nobody ever moves.

    Members and share may be any numbers that can be written, also such as no float holds.
    """
    if roster.formed is None:
        return 0
    spared = min(roster.formed.members, MOST_SPARED) * roster.formed.share
    return max(1, math.floor(min(spared, MOST_SPARED) + 1e-9)) if spared > 0 else 1


def decide(roster: Roster, *, now: datetime, terms: Terms, round_: bool) -> Decision:
    """At the round, grant or refuse every ask, in the order of the lines' ids; before it, wait."""
    if not roster.asks:
        return Decision(because=(Because(Reason.NOTHING_TO_DO),))
    if not round_ or roster.formed is None:
        return Decision(because=(Because(Reason.WAITING_FOR_ROUND),), look_again_at=terms.next_round(now))
    granted = dict(roster.granted)
    tells = tuple(_answer(roster, granted, roster.asks[line]) for line in sorted(roster.asks))
    return Decision(because=(Because(Reason.GRANTED),), tells=tells)


def _answer(roster: Roster, granted: dict[LineId, PlaceAsked], ask: PlaceAsked) -> Tell:
    others = (held for line, held in granted.items() if line != ask.line)
    taken = sum(held.start < ask.end and ask.start < held.end for held in others)
    to = subject_of(ask.line)
    if taken >= limit(roster):
        refused = PlaceRefused(line=ask.line, roster=roster.id, start=ask.start, taken=taken, limit=limit(roster))
        return Tell(to, refused)
    granted[ask.line] = ask
    return Tell(to, PlaceGranted(line=ask.line, roster=roster.id, start=ask.start))
