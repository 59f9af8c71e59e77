"""A journal record's bytes as today's types: read in one pass, by way of the upcasters only where that does not do."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter
from pydantic_core import from_json

from events.codec import WHOLE_FACT, newest, newest_envelope
from events.journal import Decided, JournalRecord, WireBecause, WireTell
from events.outcomes import Outcome
from events.registry import AnyCommand, AnyFact
from events.shapes import many, shape
from orchestrator.reasons import Reason


def _known() -> TypeAdapter[Any]:
    decided = shape(
        Decided,
        heard=WHOLE_FACT | None,
        because=many(shape(WireBecause, reason=Reason)),
        outcomes=many(Annotated[Outcome, Field(discriminator="type")]),
        commands=many(Annotated[AnyCommand, Field(discriminator="type")]),
        tells=many(shape(WireTell, fact=Annotated[AnyFact, Field(discriminator="type")])),
    )
    # Of the envelope what readers use, and no more: two more times to read would cost a tenth of it all.
    return TypeAdapter(shape(JournalRecord, only=("type", "subject", "data"), data=decided))


_KNOWN: Final = _known()


def known(value: bytes) -> dict[str, Any]:
    """The record in short, each message in it one of today's. Raises `ValueError` where it is no record."""
    try:
        record: dict[str, Any] = _KNOWN.validate_json(value, extra="ignore")
    except ValueError:
        record = _KNOWN.validate_python(_of_today(value), extra="ignore")
    return record


def _of_today(value: bytes) -> dict[str, Any]:
    """The record, already known to be one, with everything in it in today's version."""
    record: dict[str, Any] = from_json(value)
    data = record["data"]
    if data.get("heard"):
        data["heard"] = newest_envelope(data["heard"])
    for part in ("outcomes", "commands"):
        data[part] = [newest(one) for one in data.get(part, ())]
    data["tells"] = [{**tell, "fact": newest(tell["fact"])} for tell in data.get("tells", ())]
    return record
