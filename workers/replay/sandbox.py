"""A sandbox: one subject as it is known now, to be told what was not said, and to be decided with no effect."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from events.base import SubjectId
from events.codec import encode
from events.envelope import Said
from events.registry import AnyFact
from workers.journal.fold import Fold
from workers.journal.record import Entry

SOURCE: Final = "/naadloos/replay"


def alone(fold: Fold, subject: SubjectId, *, seen: AbstractSet[bytes] = frozenset()) -> Fold:
    """A sandbox: a fold that knows this subject alone, and heard just these messages before."""
    return Fold(
        fold.partition,
        fold.terms,
        states={subject: fold.state(subject)},
        looks={subject: fold.looks[subject]} if subject in fold.looks else {},
        seen=set(seen),
        offset=fold.offset,
        hash=fold.hash,
        at=fold.at,
    )


def tried(sandbox: Fold, said: Said[AnyFact], *, now: datetime) -> Entry:
    """What a decider would make of this message at `now`; it is heard in the sandbox and nowhere else."""
    _, entry = sandbox.decide(encode(said), key=said.subject.encode(), offset=sandbox.offset + 1, now=now)
    return entry
