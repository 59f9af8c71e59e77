"""A correcting fact, made of what a person typed: any fact that a holder hears, with its fields as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, cast, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import from_json

from events.base import Account, Answer, LineFact, Message
from events.control import Held, LetterFact, Released, TimeCome, Waived
from events.enrolment import AbsenceAnnounced
from events.registry import HolderFact
from orchestrator.record import Holder
from workers.runtime.language import _
from workers.runtime.nearest import nearest
from workers.runtime.type_names import short
from workers.runtime.unable import UnableToUnderstandError
from workers.runtime.wanted import wanted
from workers.views.steering import line_named

_NOT_FOR_PEOPLE: Final = (TimeCome, *get_args(LetterFact))
_OTHERWISE: Final = (Held, Released, Waived)
"""What has commands of its own, which know when a second account is needed."""
OURS: Final = frozenset({"by", "why"})
"""Fields that say who corrects, and why."""
KINDS: Final[Mapping[str, type[Message]]] = {
    short(str(kind.model_fields["type"].default)): kind
    for kind in get_args(HolderFact)
    if not issubclass(kind, (Answer, *_NOT_FOR_PEOPLE, *_OTHERWISE))
}
"""What a person may say to set something right, by its short name. What answers a command is a worker's to say."""


def fields_of(kind: type[Message]) -> list[str]:
    """The fields of such a fact as they are typed, those in brackets that may be left out."""
    ours = {"type", *OURS, *LineFact.model_fields}
    fields = {name: field for name, field in kind.model_fields.items() if name not in ours}
    typed = {name: f"{name}={_looks(field.annotation)}" for name, field in fields.items()}
    return [text if fields[name].is_required() else f"[{text}]" for name, text in typed.items()]


def _looks(of: object) -> str:
    if get_origin(of) is tuple:
        return "'[\"…\"]'"
    if isinstance(of, type) and issubclass(of, Message):
        needed = (f'"{name}": "…"' for name, field in of.model_fields.items() if field.is_required())
        return "'{" + ", ".join(needed) + "}'"
    return "…"


def correcting(holder: Holder, who: str, name: str, fields: Iterable[str], *, by: Account, why: str) -> HolderFact:
    """The fact. Raises `UnableToUnderstandError`, naming the word that is wrong."""
    kind = KINDS.get(name)
    if kind is None:
        see = _("See what can be said:  naadloos correct --help")
        raise UnableToUnderstandError(_refused(name, nearest(name, KINDS)) + "\n" + see)
    asked = _Asked(kind, who, name)
    typed = dict(_field(asked, text) for text in fields)
    if taken := sorted(typed.keys() & OURS):
        given = _("{field} is given by --as and --why").format(field=taken[0])
        raise UnableToUnderstandError(_told_otherwise(asked, given))
    data: dict[str, object] = {"by": by, "why": why, **typed}
    if issubclass(kind, LineFact):
        data["line"] = line_named(holder, who) or _only_line(asked, holder)
    known = kind.model_fields.keys()
    data = {field: value for field, value in data.items() if field in known or field not in OURS}
    try:
        fact = cast("HolderFact", kind.model_validate(data))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or name}: {wanted(one)}" for one in error.errors()[:4])
        raise UnableToUnderstandError(_told_otherwise(asked, faults)) from None
    if isinstance(fact, AbsenceAnnounced) and fact.until <= fact.since:
        raise UnableToUnderstandError(_told_otherwise(asked, _("until: give a time after since")))
    return fact


class _Asked(NamedTuple):
    """Of which kind a fact is to be, of whom, and the name that was typed."""

    kind: type[Message]
    who: str
    name: str


def _field(asked: _Asked, text: str) -> tuple[str, object]:
    field, equals, value = text.partition("=")
    if not equals:
        raise UnableToUnderstandError(_told_otherwise(asked, _("write each field as name=value")))
    return field, _value(value)


def _value(text: str) -> object:
    """What was typed; a list, and what has fields of its own, is JSON."""
    try:
        return from_json(text) if text[:1] in {"[", "{"} else text
    except ValueError:
        return text


def _only_line(asked: _Asked, holder: Holder) -> str:
    if len(holder.lines) == 1:
        return next(iter(holder.lines))
    lines = ", ".join(sorted(holder.lines)) or "–"
    which = _("say of which line; there are: {lines}").format(lines=lines)
    raise UnableToUnderstandError(_told_otherwise(asked, which))


def _told_otherwise(asked: _Asked, why: str) -> str:
    """That it cannot be said so, and how it can."""
    fields = fields_of(asked.kind)
    some = _("Say it with its fields; those in brackets may be left out:  naadloos correct {who} {fact} --why REASON")
    text = some if fields else _("It has no field to give:  naadloos correct {who} {fact} --why REASON")
    return _refused(asked.name, why) + "\n" + text.format(who=asked.who, fact=" ".join([asked.name, *fields]))


def _refused(name: str, why: str) -> str:
    return _("Not corrected: {name} cannot be said so ({why}). Nothing was said.").format(name=name, why=why)
