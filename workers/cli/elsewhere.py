"""Who has taken a programme, told to whoever looks for its workers on other topics, or for workers of its own."""

from __future__ import annotations

from typing import assert_never

from workers.crew.alone import Taker, Work
from workers.runtime.language import _
from workers.runtime.settings import Settings


def who(settings: Settings, taker: Taker) -> str:
    """Who has it, and what to type to look at that."""
    match taker.work:
        case Work.REHEARSAL:
            told = _("A rehearsal of {programme} is running, with workers of its own.")
            look = _("Look at it:  {naadloos} status")
        case Work.RESTORE:
            told = _("Programme {programme} is being restored, by process {pid}: no workers run meanwhile.")
            look = _("See whether it still is:  {naadloos} ps")
        case Work.WORKERS if taker.prefix != settings.topic_prefix:
            told = _("The workers of {programme} run on topics {theirs}, and these are topics {ours}.")
            look = _("Look at them:  {naadloos} ps")
        case Work.WORKERS:
            told = _("The workers of {programme} are starting or ending.")
            look = _("Look again:  {naadloos} ps")
        case _:
            assert_never(taker.work)
    filled = told.format(programme=settings.programme, theirs=taker.prefix, ours=settings.topic_prefix, pid=taker.pid)
    return filled + "\n" + look.format(naadloos=_naadloos(settings, taker))


def how_to_end(settings: Settings, taker: Taker) -> str:
    """What to type to stop what has it."""
    match taker.work:
        case Work.REHEARSAL:
            text = _("Nothing was stopped. Its workers end with it: press Ctrl+C where it was started, or:  kill {pid}")
        case Work.RESTORE:
            text = _("Nothing was stopped. A restore ends by itself.")
        case Work.WORKERS:
            text = _("Nothing was stopped. Stop them:  {naadloos} down")
        case _:
            assert_never(taker.work)
    return text.format(pid=taker.pid, naadloos=_naadloos(settings, taker))


def _naadloos(settings: Settings, taker: Taker) -> str:
    """The command, led to the taker's topics."""
    elsewhere = taker.prefix != settings.topic_prefix
    return f"NAADLOOS_TOPIC_PREFIX={taker.prefix} naadloos" if elsewhere else "naadloos"
