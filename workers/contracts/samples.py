"""An invented value for every field of every message, found by walking the annotations: the same values every time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, NewType, Union, get_args, get_origin

from pydantic import AwareDatetime, ValidationError
from pydantic.fields import FieldInfo

from events.base import (
    Account,
    Barcode,
    Dossier,
    Iccid,
    Imei,
    Instant,
    Key,
    LetterId,
    LineId,
    Message,
    Msisdn,
    PersonId,
    SubjectId,
    TaskId,
)
from workers.runtime.language import _
from workers.runtime.unable import UnableToError

NINE: Final = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
"""The start of the slot that the examples tell of."""
LINE: Final = "E-0042-1"
KEY: Final = "gm/E-0042-1/port/1"

IDS: Final[dict[object, str]] = {
    Account: "leader-1",
    Barcode: "3SNAAD0000042",
    Dossier: "NAAD-0042-1-1",
    Iccid: "8931900000000000421",
    Imei: "350000000000048",
    Key: KEY,
    LetterId: "inbox/3/1044",
    LineId: LINE,
    Msisdn: "+31612345678",
    PersonId: "p-0042",
    SubjectId: "E-0042",
    TaskId: f"{LINE}/correct-data/1",
}
"""By the identifier's type."""

NAMED_IDS: Final = {
    "before": "+31612345601",
    "members": "E-0043",
    "net": "+31612345602",
    "old_iccid": "8931010000000000428",
    "restore": "+31612345601",
    "roster": "R-desk-north",
    "rosters": "R-desk-north",
    "stock": "K-main",
    "superuser": "E-0007",
    "target": "+31612345602",
    "temporary_number": "+31612345699",
    "wave": "W-03",
}
"""By the field's name, where the identifier's type alone would give an odd one."""

TEXTS: Final = {
    "act": "7f3a90c1d2e4",
    "address": "Voorbeeldstraat 1, 1234 AB Voorbeeldstad",
    "because": "port-blocked",
    "code": "63",
    "department": "Desk",
    "detail": "nl.naadloos.porting.accepted.v1: first_possible: missing",
    "incident": "address-not-found",
    "kind": "port-performed",
    "line": LINE,
    "mail": "employee@example.org",
    "mandate": "M-2027-0042",
    "medium": "pager",
    "name": "Example Employee",
    "note": "asked by the provider",
    "origin": "network-a",
    "origins": "network-a",
    "reason": "schema",
    "reference": "NAAD-0099-1-1",
    "site": "Town hall",
    "source": "new-provider",
    "target": KEY,
    "title": "Example",
    "what": "40 dead letters of 40 employees",
    "why": "agreed with the department",
}

DAYS_LATER: Final = {"contract_ends": 110, "due": 1, "until": 7}
MINUTES_LATER: Final = {
    "end": 30,
    "evidence_at": -10,
    "not_after": 2,
    "recall_until": -60,
}
"""How far from nine o'clock a time lies, by the field's name; nine o'clock itself where nothing is said."""

NUMBERS: Final = {
    "done": 40,
    "failed": 0,
    "limit": 3,
    "members": 12,
    "per_slot": 4,
    "sequence": 2,
    "skipped": 0,
    "taken": 3,
}


class UnableToInventError(UnableToError):
    """A message has a field for which no good example value is known."""

    def __init__(self, name: str, why: object) -> None:
        super().__init__(
            _("Examples not made: no good value is known for {name} ({why}). Nothing was written.").format(
                name=name, why=why
            )
            + "\n"
            + _("Add one to workers/contracts/samples.py, then:  naadloos schemas")
        )


def sample(kind: type[Message]) -> Message:
    """A message of this kind with every field filled. Raises `UnableToInventError`."""
    values = {name: _field(name, field) for name, field in kind.model_fields.items() if name != "type"}
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise UnableToInventError(kind.__name__, error) from None


def _field(name: str, field: FieldInfo) -> Any:  # noqa: ANN401 - as many types as there are fields
    if isinstance(field.default, bool | Enum):
        return field.default
    return _value(name, field.annotation)


def _value(name: str, annotation: Any) -> Any:  # noqa: ANN401 - an annotation is any object
    origin, inner = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, NewType):
        return _identifier(name, annotation)
    if origin in (Union, UnionType):
        return _value(name, next(choice for choice in inner if choice is not NoneType))
    if origin is Literal:
        return inner[0]
    if origin is tuple:
        return (_value(name, inner[0]),)
    if origin is dict:
        return {"slot": NINE.isoformat()}
    return _plain(name, annotation)


def _identifier(name: str, annotation: NewType) -> str:
    if annotation not in IDS:
        raise UnableToInventError(name, annotation)
    # A forward's target is a number, a withdrawal's the key of a command: the name alone would not tell.
    by_name = NAMED_IDS if annotation in (Iccid, Msisdn, SubjectId) else {}
    return by_name.get(name, IDS[annotation])


def _plain(name: str, annotation: Any) -> Any:  # noqa: ANN401 - an annotation is any object
    if annotation in (AwareDatetime, Instant):
        return NINE + timedelta(days=DAYS_LATER.get(name, 0), minutes=MINUTES_LATER.get(name, 0))
    if not isinstance(annotation, type):
        raise UnableToInventError(name, annotation)
    if issubclass(annotation, Message):
        return sample(annotation)
    if issubclass(annotation, Enum):
        return next(iter(annotation))
    simple = {bool: True, int: NUMBERS.get(name, 1), float: 0.25, date: NINE.date(), str: TEXTS.get(name, f"a {name}")}
    if annotation not in simple:
        raise UnableToInventError(name, annotation)
    return simple[annotation]
