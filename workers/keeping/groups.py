"""How far the programme's groups have come: what a decider has said, and what effect workers have carried out.

Without these a decider on a restored programme would say every command again, and effect workers would take every old
command for a new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from workers.runtime.admin import admin
from workers.runtime.groups import DECIDERS, GROUPS, Committed, at_work, committed, group_id, place
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToAllowError


def all_committed(settings: Settings) -> list[Committed]:
    """How far each group has come. One that never committed is not among them."""
    with admin(settings, undone=_("Positions of the workers not read")) as client:
        return [each for group in GROUPS for each in committed(client, settings, group)]


def came_to(offsets: Iterable[Committed]) -> dict[int, int]:
    """How far the deciders had come on the inbox, by partition: all before that is in the journal."""
    return {each.partition: each.offset for each in offsets if each.group == DECIDERS}


def busy(settings: Settings) -> list[str]:
    """The names on the broker of the programme's groups that somebody is in."""
    with admin(settings, undone=_("Positions of the workers not read")) as client:
        return [group_id(settings, group) for group in at_work(client, settings)]


def restore(settings: Settings, offsets: Iterable[Committed]) -> None:
    """The groups are where these offsets say. Raises `UnableToAllowError` when one did not take them."""
    wanted = sorted(offsets)
    with admin(settings, undone=_("Positions of the workers not set")) as client:
        for _group, theirs in groupby(wanted, key=lambda each: each.group):
            if refused := place(client, settings, list(theirs)):
                raise UnableToAllowError(_not_taken(", ".join(sorted(set(refused.values())))))
    if sorted(all_committed(settings)) != wanted:
        raise UnableToAllowError(_not_taken(_("read back, they are others")))


def _not_taken(why: str) -> str:
    return "\n".join(
        (
            _("The records are there, but Kafka did not take the workers' positions ({why}).").format(why=why),
            _("Start no worker now: it would do old work again. Does one run somewhere? Stop it:  naadloos down"),
            _("Then give the same command again."),
        )
    )
