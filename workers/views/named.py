"""Whom an id that was typed names; one that is nobody's is answered with what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from events.base import LineId, SubjectId, subject_of
from orchestrator.record import Holder
from workers.runtime.language import _
from workers.runtime.nearest import meant
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known
from workers.views.times import full


def holder_of(known: Known, who: str, *, by: datetime | None = None) -> Holder:
    """The employee or shared line of this id, or of this line's id, as known `by` then; None: now.

    Raises `UnableToUnderstandError`.
    """
    holder = known.holder(subject_named(known, who) or SubjectId(who))
    if holder is not None:
        return holder
    raise UnableToUnderstandError(not_found(known, who, by=by))


def not_found(known: Known, who: str, *, by: datetime | None = None) -> str:
    """That nobody has this id, as known `by` then, and who was meant, or where to look."""
    holders = (id_ for id_ in ids_of(known) if id_.startswith(("E-", "S-")))
    if by is not None:
        hint = _("Whoever came after {at} was not known then. Leave --at out to see who is.").format(at=full(by))
    else:
        hint = guessed(who, holders, order="explain") or _("See who waits for what:  naadloos status")
    return "\n".join(
        (
            _("Not found: nobody in this programme is called {who}, and no line is. Nothing was said.").format(who=who),
            _("Ids look like E-0001 (an employee), E-0001-1 (a line), S-0001 (a shared number)."),
            hint,
        )
    )


def subject_named(known: Known, who: str) -> SubjectId | None:
    """The subject of this id, or of this line's id; None where nothing was ever heard of it."""
    if who in known.states:
        return SubjectId(who)
    holder = known.holder(subject_of(LineId(who)))
    return holder.id if holder is not None and LineId(who) in holder.lines else None


def ids_of(known: Known) -> Iterator[str]:
    """Every subject's id, and every line's."""
    yield from known.states
    yield from (line.id for _holder, line in known.lines())


def guessed(typed: str, ids: Iterable[str], *, order: str) -> str:
    """The question whether one of these was meant, with the line to type then; empty where none is likely."""
    found = meant(typed, ids)
    ask = _("Did you mean {ids}?  naadloos {order} {first}")
    return ask.format(ids=_(" or ").join(found), order=order, first=found[0]) if found else ""
