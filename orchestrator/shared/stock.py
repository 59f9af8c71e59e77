"""A stock of kits: each kit is granted once, at a set time, to those whose slot comes first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, assert_never

from events.base import LineId, SubjectId, subject_of
from events.control import TimeCome
from events.places import Kit, KitAsked, KitGranted, KitsDelivered, StockFact
from orchestrator.decision import Because, Decision, Tell
from orchestrator.reasons import Reason
from orchestrator.record import with_
from orchestrator.terms import Terms

MOST: Final = 20_000
"""Grants in one decision, which is one record of the journal: twice as many would be more than a record may hold."""
SOON: Final = timedelta(minutes=1)
"""After which the round goes on."""


@dataclass(frozen=True)
class Stock:
    """What is known of a stock."""

    id: SubjectId
    kits: tuple[Kit, ...] = ()  # on the shelf, in the order of delivery
    known: frozenset[str] = frozenset()  # every SIM that was ever in it
    asks: Mapping[LineId, KitAsked] = field(default_factory=dict)  # open ones
    granted: Mapping[LineId, int] = field(default_factory=dict)  # the attempt that was granted last


def heard(stock: Stock, fact: StockFact | TimeCome, _at: datetime) -> Stock:
    """What is known once this fact was heard."""
    match fact:
        case KitsDelivered():
            fresh = {kit.iccid: kit for kit in reversed(fact.kits) if kit.iccid not in stock.known}
            return with_(stock, kits=(*stock.kits, *reversed(fresh.values())), known=stock.known.union(fresh))
        case KitAsked():
            before = stock.asks.get(fact.line)
            if fact.attempt <= stock.granted.get(fact.line, 0) or (before and fact.attempt < before.attempt):
                return stock
            return with_(stock, asks={**stock.asks, fact.line: fact})
        case TimeCome():
            return stock
        case _:
            assert_never(fact)


def told(stock: Stock, tells: tuple[Tell, ...]) -> Stock:
    """What is known once this was said to the lines, all of a round together: a country's round grants thousands."""
    facts = [tell.fact for tell in tells if isinstance(tell.fact, KitGranted)]
    if not facts:
        return stock
    lines, gone = {fact.line: fact.attempt for fact in facts}, {fact.kit.iccid for fact in facts}
    return with_(
        stock,
        kits=tuple(kit for kit in stock.kits if kit.iccid not in gone),
        asks={line: ask for line, ask in stock.asks.items() if line not in lines},
        granted={**stock.granted, **lines},
    )


def decide(stock: Stock, *, now: datetime, terms: Terms, round_: bool) -> Decision:
    """At the round, grant kits: the earliest slot first, then by the line's id; before it, wait."""
    if not stock.asks:
        return Decision(because=(Because(Reason.NOTHING_TO_DO),))
    look = terms.next_round(now)
    if not round_:
        return Decision(because=(Because(Reason.WAITING_FOR_ROUND),), look_again_at=look)
    tells = _grant(stock)
    if len(tells) > MOST:
        return Decision(because=(Because(Reason.WAITING_FOR_ROUND),), tells=tells[:MOST], look_again_at=now + SOON)
    if len(tells) < len(stock.asks):
        return Decision(because=(Because(Reason.STOCK_EMPTY),), tells=tells, look_again_at=look)
    return Decision(because=(Because(Reason.GRANTED),), tells=tells)


def _grant(stock: Stock) -> tuple[Tell, ...]:
    with_phone = [kit for kit in stock.kits if kit.imei is not None]
    without = [kit for kit in stock.kits if kit.imei is None]
    tells = []
    for ask in sorted(stock.asks.values(), key=lambda ask: (ask.wanted_by, ask.line)):
        shelf = with_phone if ask.with_handset else without
        if shelf:
            granted = KitGranted(line=ask.line, attempt=ask.attempt, kit=shelf.pop(0))
            tells.append(Tell(subject_of(ask.line), granted))
    return tuple(tells)
