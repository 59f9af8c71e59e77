"""One whole CloudEvent per type, invented from the message classes, as readers elsewhere will meet it."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import Final, get_args

from events.base import Account, Message, SubjectId, subject_of
from events.codec import encode
from events.control import ProgrammeFact
from events.envelope import Said
from events.places import RosterFact, StockFact
from events.planning import WaveFact
from events.registry import TYPES
from workers.contracts.json_schemas import Schema
from workers.contracts.samples import IDS, NINE, sample

_SHARED: Final = {"K-main": StockFact, "R-desk-north": RosterFact, "W-03": WaveFact, "P-gm": ProgrammeFact}
SUBJECTS: Final = {kind: SubjectId(subject) for subject, union in _SHARED.items() for kind in get_args(union)}
"""Who hears of it, where it is not the employee."""
TRUE_AT: Final = NINE - timedelta(minutes=8)
DELAY: Final = timedelta(seconds=42)
"""How much later than it was true a fact of the examples is known."""


def examples() -> dict[str, Schema]:
    """An example by type: the whole message as plain values."""
    return {type_name: example(type_name) for type_name in sorted(TYPES)}


def example(type_name: str) -> Schema:
    """The example of one type, every field and every extension filled. Raises `KeyError`."""
    whole: Schema = json.loads(encode(_said(type_name, sample(TYPES[type_name]))))
    return whole


def _said(type_name: str, message: Message) -> Said[Message]:
    return Said(
        id=_hash(type_name, 32),
        source="/naadloos/examples",
        subject=_subject(message),
        time=TRUE_AT,
        recorded=TRUE_AT + DELAY,
        message=message,
        correlation="gm/E-0042-1",
        causation=_hash(f"cause of {type_name}", 32),
        trace=f"00-{_hash(f'trace of {type_name}', 32)}-{_hash(f'span of {type_name}', 16)}-01",
        actor=IDS[Account],
    )


def _subject(message: Message) -> SubjectId:
    if shared := SUBJECTS.get(type(message)):
        return shared
    line = getattr(message, "line", None)
    return subject_of(line) if line else SubjectId("E-0042")


def _hash(cause: str, length: int) -> str:
    return sha256(cause.encode()).hexdigest()[:length]
