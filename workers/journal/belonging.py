"""Whose topics these are: what was ordered stands in the journal under its programme's name, and under no other."""

from __future__ import annotations

from collections.abc import Iterable

from events.base import programme_of
from orchestrator.record import Holder
from workers.journal.fold import Fold
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError


class UnableToBelongError(UnableToError):
    """The settings name another programme than the one that these topics are of."""

    kind = "forbidden"


def check_belongs(settings: Settings, folds: Iterable[Fold]) -> None:
    """Nothing was ordered here under another programme's name. Raises `UnableToBelongError`."""
    for fold in folds:
        theirs = _programme(fold)
        if theirs not in {None, settings.programme}:
            raise UnableToBelongError(_anothers(settings, str(theirs)))


def _programme(fold: Fold) -> str | None:
    """By the first key that stands in any of its lines; None where nothing was ordered yet."""
    lines = (line for state in fold.states.values() if isinstance(state, Holder) for line in state.lines.values())
    key = next((ask.key for line in lines for ask in line.asks.values()), None)
    return programme_of(key) if key is not None else None


def _anothers(settings: Settings, theirs: str) -> str:
    return "\n".join(
        (
            _("Topics {prefix} are those of programme {theirs}, and the settings name {ours}.").format(
                prefix=settings.topic_prefix, theirs=theirs, ours=settings.programme
            ),
            _("By that name all would be asked for once more, under other keys. Nothing was said."),
            _("Name it:  export NAADLOOS_PROGRAMME={theirs} NAADLOOS_TOPIC_PREFIX={prefix}").format(
                theirs=theirs, prefix=settings.topic_prefix
            ),
        )
    )
