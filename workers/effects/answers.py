"""The envelope of an answer: who says it, in reply to what, and under an id that makes a second copy known as one."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from events.base import SubjectId
from events.control import LetterOpened, PartyAnswers, PartySilent
from events.envelope import Said
from events.registry import AnyCommand, AnyFact
from workers.runtime.letters import Found, subject_named

_TRACEPARENT: Final = re.compile(r"^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$")


def answer(said: Said[AnyCommand], fact: AnyFact, *, worker: str, now: datetime) -> Said[AnyFact]:
    """The fact as it goes into the inbox of the subject that gave the command; `now` is the programme's time, UTC."""
    return Said(
        id=f"{said.id}/{fact.type}",
        source=f"/naadloos/workers/{worker}",
        subject=said.subject,
        time=now,
        recorded=now,
        message=fact,
        correlation=said.correlation,
        causation=said.id,
        trace=child_trace(said.trace, cause=said.id),
    )


def letter_told(
    found: Found, *, reason: str, detail: str, worker: str, programme: str, now: datetime
) -> Said[LetterOpened]:
    """The fact that this record is a dead letter, said to the subject that its key names, once however often said."""
    return Said(
        id=f"letter/{found.letter}",
        source=f"/naadloos/workers/{worker}",
        subject=subject_named(found.key, programme=programme),
        time=now,
        recorded=now,
        message=LetterOpened(letter=found.letter, reason=reason, detail=detail),
    )


def party_told(
    fact: PartySilent | PartyAnswers, *, worker: str, programme: str, now: datetime
) -> Said[PartySilent | PartyAnswers]:
    """What is told to the programme of somebody whom all lines ask."""
    return Said(
        id=f"party/{fact.party}/{fact.type.rsplit('.', 2)[1]}/{now.isoformat()}",
        source=f"/naadloos/workers/{worker}",
        subject=SubjectId(f"P-{programme}"),
        time=now,
        recorded=now,
        message=fact,
    )


def child_trace(trace: str, *, cause: str) -> str:
    """A W3C traceparent in the same trace, its span id a hash of the cause; empty where there was no trace."""
    parts = _TRACEPARENT.match(trace)
    if parts is None:
        return ""
    span = sha256(cause.encode()).hexdigest()[:16]
    return f"00-{parts[1]}-{span}-{parts[2]}"
