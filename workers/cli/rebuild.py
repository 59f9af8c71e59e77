"""`naadloos replay rebuild`: fold the journal from its first record and hold the snapshots against it.

With --go the snapshots are replaced. There is no outward effect: a snapshot is a cache, and no command is said.
"""

from __future__ import annotations

import argparse
from uuid import uuid4

from events.base import SubjectId
from events.control import ActBegun, ActEnded
from workers.cli.acting import SOURCE, account_of, not_sent
from workers.cli.dead_letters import few
from workers.cli.exits import Exit
from workers.cli.page import table
from workers.cli.session import session
from workers.crew.alone import taken
from workers.replay.rebuild import Rebuilt, rebuilt
from workers.runtime.kafka.server import ensure_kafka
from workers.runtime.language import _
from workers.runtime.settings import Settings, read_settings
from workers.views.unable import UnableToAllowError


def run(args: argparse.Namespace) -> int:
    """Show what comes of it; with --go, put the new ones in the old ones' place."""
    settings = read_settings()
    if args.go and taken(settings):
        raise UnableToAllowError(_at_work(settings))
    ensure_kafka(settings)
    folder, partitions = settings.snapshots_dir, range(settings.partitions)
    found = [rebuilt(settings, folder, partition, keep=args.go) for partition in partitions]
    table((_("partition") + ">", _("records") + ">", _("snapshot")), [_row(one) for one in found])
    differing = [one for one in found if not one.identical]
    if differing:
        print(_("A snapshot said otherwise than the journal. The journal is right; --go replaces the snapshots."))
    if not args.go:
        not_sent()
        return Exit.FAILED if differing else Exit.DONE
    _note(settings, args, done=len(found), differing=len(differing))
    return Exit.DONE


def _at_work(settings: Settings) -> str:
    text = _("Not rebuilt: workers of {programme} run and write snapshots themselves. Nothing was changed.")
    stop = _("Stop them first:  naadloos down   or only compare: leave out --go")
    return text.format(programme=settings.programme) + "\n" + stop


def _note(settings: Settings, args: argparse.Namespace, *, done: int, differing: int) -> None:
    """The act stands in the inbox, and is decided once the workers are back."""
    by, act, programme = account_of(args), uuid4().hex[:12], SubjectId(f"P-{settings.programme}")
    what = f"{done} partitions folded anew, {differing} snapshots differed"
    with session() as opened:
        at, inbox = opened.now(), opened.inbox()
        begun = ActBegun(act=act, kind="rebuild", what=what, why=args.why, by=by)
        for fact in (begun, ActEnded(act=act, done=done, by=by)):
            inbox.say(programme, fact, at=at, actor=by, source=SOURCE)
        inbox.flush()


def _row(one: Rebuilt) -> tuple[object, ...]:
    if not one.cached:
        return one.partition, one.records, _("there was none of this code")
    if one.identical:
        return one.partition, one.records, _("identical")
    return one.partition, one.records, _("differs: {what}").format(what=few([*one.differing, *one.otherwise]))
