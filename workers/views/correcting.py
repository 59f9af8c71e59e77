"""A correcting fact, made of what a person typed: any fact that a holder hears, with its fields as words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, cast, get_args

from pydantic import ValidationError

from events.base import Account, Answer, LineFact, Message
from events.control import Held, LetterFact, Released, TimeCome, Waived
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


def correcting(holder: Holder, who: str, name: str, fields: Iterable[str], *, by: Account, why: str) -> HolderFact:
    """The fact. Raises `UnableToUnderstandError`, naming the word that is wrong."""
    kind = KINDS.get(name)
    if kind is None:
        raise UnableToUnderstandError(_refused(name, nearest(name, KINDS)))
    typed = dict(_field(name, text) for text in fields)
    if taken := sorted(typed.keys() & OURS):
        raise UnableToUnderstandError(_refused(name, _("{field} is given by --as and --why").format(field=taken[0])))
    data: dict[str, object] = {"by": by, "why": why, **typed}
    if issubclass(kind, LineFact):
        data["line"] = line_named(holder, who) or _only_line(holder, name)
    known = kind.model_fields.keys()
    data = {field: value for field, value in data.items() if field in known or field not in OURS}
    try:
        return cast("HolderFact", kind.model_validate(data))
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc'])) or name}: {wanted(one)}" for one in error.errors()[:4])
        raise UnableToUnderstandError(_refused(name, faults)) from None


def _field(name: str, text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise UnableToUnderstandError(_refused(name, _("write each field as name=value")))
    return field, value


def _only_line(holder: Holder, name: str) -> str:
    if len(holder.lines) == 1:
        return next(iter(holder.lines))
    lines = ", ".join(sorted(holder.lines)) or "–"
    raise UnableToUnderstandError(_refused(name, _("say of which line; there are: {lines}").format(lines=lines)))


def _refused(name: str, why: str) -> str:
    text = _("Not corrected: {name} cannot be said so ({why}). Nothing was said.").format(name=name, why=why)
    return text + "\n" + _("See what can be said:  naadloos correct --help")
