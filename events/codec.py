"""Bytes to message and back: the only place where JSON is touched.

Readers are tolerant (a field they do not know is passed over), producers are strict.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, TypeVar, Union

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json

from events.base import Message, in_utc
from events.envelope import Said, Wire
from events.registry import (
    COMMAND_TYPES,
    COMMANDS,
    FACT_TYPES,
    FACTS,
    TYPES,
    AnyCommand,
    AnyFact,
)
from events.shapes import shape
from events.upcast import to_newest

CONTENT_TYPE: Final = "application/cloudevents+json"
LIKE_A_TYPE: Final = re.compile(r"[a-z]{1,20}(\.[a-z-]{1,40})+\.v[0-9]{1,3}")
LONGEST: Final = 200_000
"""Bytes of a message. A journal record holds the message and the decision on it, and has to be one record as well."""
M = TypeVar("M", bound=Message)


class UnreadReason(StrEnum):
    """Why a record could not be read."""

    TOO_LONG = "too_long"
    NOT_JSON = "not_json"
    NOT_AN_EVENT = "not_an_event"
    UNKNOWN_TYPE = "unknown_type"
    SCHEMA = "schema"
    WRONG_KEY = "wrong_key"
    WRONG_PARTITION = "wrong_partition"
    DECISION_RAISED = "decision_raised"
    EFFECT_RAISED = "effect_raised"  # said by a worker of a command


class UnableToReadError(Exception):
    """The bytes are not a message that today's code knows. Says why, and never repeats what stood in them."""

    def __init__(self, reason: UnreadReason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def _unknown(type_: str) -> str:
    """Only what is made like one of our types is repeated: anything else may be anybody's name."""
    return f"type {type_} is not known to this code" if LIKE_A_TYPE.fullmatch(type_) else "its type is no name of ours"


def _where(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['type']}" for e in error.errors()[:5])


def wire(raw: bytes) -> Wire:
    """The envelope of these bytes, its data not yet looked into. Raises `UnableToReadError`."""
    if len(raw) > LONGEST:
        raise UnableToReadError(UnreadReason.TOO_LONG, f"{len(raw)} bytes, and {LONGEST} are the most")
    try:
        return Wire.model_validate_json(raw)
    except ValidationError as error:
        reason = UnreadReason.NOT_AN_EVENT if error.errors()[0]["type"] != "json_invalid" else UnreadReason.NOT_JSON
        raise UnableToReadError(reason, _where(error)) from None


def _open(envelope: Wire, union: TypeAdapter[Any] | None, known: dict[str, type[Message]]) -> Said[Any]:
    type_, data = to_newest(envelope.type, envelope.data)
    if type_ not in known:
        raise UnableToReadError(UnreadReason.UNKNOWN_TYPE, _unknown(type_))
    try:
        adapter: TypeAdapter[Any] = union or TypeAdapter(known[type_])
        message = adapter.validate_python({**data, "type": type_}, extra="ignore")
    except ValidationError as error:
        raise UnableToReadError(UnreadReason.SCHEMA, f"{type_}: {_where(error)}") from None
    try:
        return said_in({**dict(envelope), "data": message})
    except ValueError as error:
        raise UnableToReadError(UnreadReason.SCHEMA, f"{type_}: time: {error}") from None


def open_fact(envelope: Wire) -> Said[AnyFact]:
    """The fact in this envelope. Raises `UnableToReadError`."""
    return _open(envelope, FACTS, FACT_TYPES)


def _whole(known: dict[str, type[Message]]) -> Any:  # noqa: ANN401 - a union of types made at run time
    """The envelopes of these types with their data, so that one pass over the bytes reads both."""
    literal: Any = Literal
    kinds = [shape(Wire, type=literal[type_], data=kind) for type_, kind in known.items()]
    return Annotated[Union[tuple(kinds)], Field(discriminator="type")]  # noqa: UP007 - of a tuple


WHOLE_FACT: Final = _whole(FACT_TYPES)
"""The envelope of any fact as a dict, its data read as that fact."""
_WHOLE_FACTS: Final[TypeAdapter[Any]] = TypeAdapter(WHOLE_FACT)


def said_in(envelope: Mapping[str, Any]) -> Said[Any]:
    """The message in an envelope whose data is one. Raises `ValueError` for a time that no programme lives to see."""
    return Said(
        id=envelope["id"],
        source=envelope["source"],
        subject=envelope["subject"],
        time=in_utc(envelope["time"]),
        recorded=in_utc(envelope["recordedtime"]),
        message=envelope["data"],
        correlation=envelope.get("correlationid", ""),
        causation=envelope.get("causationid", ""),
        trace=envelope.get("traceparent", ""),
        actor=envelope.get("actor", ""),
    )


def read_fact(raw: bytes) -> Said[AnyFact] | None:
    """The fact in these bytes, read in one pass; None where `decode_fact` has to find out how, or why not."""
    if len(raw) > LONGEST:
        return None
    try:
        return said_in(_WHOLE_FACTS.validate_json(raw, extra="ignore"))
    except ValueError:  # `ValidationError` is one
        return None


def decode_fact(raw: bytes) -> Said[AnyFact]:
    """The fact in these bytes. Raises `UnableToReadError`."""
    return read_fact(raw) or open_fact(wire(raw))


def decode_command(raw: bytes) -> Said[AnyCommand]:
    """The command in these bytes. Raises `UnableToReadError`."""
    return _open(wire(raw), COMMANDS, COMMAND_TYPES)


def encode(said: Said[Message]) -> bytes:
    """The message as structured-mode CloudEvents JSON."""
    message: Any = said.message
    data: bytes = message.__pydantic_serializer__.to_json(message, exclude={"type"})
    attributes = {
        "specversion": "1.0",
        "id": said.id,
        "source": said.source,
        "type": message.type,
        "subject": said.subject,
        "time": said.time,
        "recordedtime": said.recorded,
        "correlationid": said.correlation,
        "causationid": said.causation,
        "traceparent": said.trace,
        "actor": said.actor,
        "datacontenttype": "application/json",
    }
    filled = {name: value for name, value in attributes.items() if value != ""}
    return to_json(filled)[:-1] + b',"data":' + data + b"}"


def newest(data: dict[str, Any]) -> dict[str, Any]:
    """A message as it stands in a journal record, in today's version."""
    type_, today = to_newest(str(data.get("type", "")), data)
    return {**today, "type": type_}


def newest_envelope(envelope: dict[str, Any]) -> dict[str, Any]:
    """An envelope as it stands in a journal record, its message in today's version.

    As in the inbox, its type is the envelope's, whatever type the data name.
    """
    type_, data = to_newest(str(envelope.get("type", "")), envelope["data"])
    return {**envelope, "type": type_, "data": {**data, "type": type_}}


def decode_any(raw: bytes) -> Said[Message]:
    """Any message of the registry, whatever topic it came from. Raises `UnableToReadError`."""
    return _open(wire(raw), None, TYPES)
