"""`naadloos replay rebuild`: fold the journal from its first record and hold the snapshots against it.

With --go those that say otherwise are replaced, and those that are missing are made. There is no outward effect: a
snapshot is a cache, and no command is said.
"""

from __future__ import annotations

import argparse

from workers.cli.acting import account_of, act_of_ops, not_sent, reason_of
from workers.cli.exits import Exit
from workers.cli.page import few, table
from workers.cli.session import check_whole, ensure_begun, session
from workers.crew.alone import taken
from workers.journal.fold import Fold
from workers.replay.rebuild import Rebuilt, folded, put
from workers.runtime.language import _, n_
from workers.runtime.settings import Settings, read_settings
from workers.runtime.unable import UnableToAllowError


def run(args: argparse.Namespace) -> int:
    """Show what comes of it; with --go, put new ones in the place of those that say otherwise, or are missing."""
    settings = read_settings()
    if args.go and taken(settings):
        raise UnableToAllowError(_at_work(settings))
    by, why = account_of(args), reason_of(args)
    check_whole(settings, says=args.go)
    ensure_begun(settings)
    found, better = _held_against_the_journal(settings)
    _show(found)
    if not better:
        print(_("Nothing would change: no snapshot says otherwise than the journal, and none is missing."))
        return Exit.DONE
    if not args.go:
        not_sent()
        return Exit.DONE if all(one.identical for one in found) else Exit.FAILED
    what = f"snapshots of {len(better)} partitions"
    with session(says=True) as opened, act_of_ops(opened, "rebuild", what, why=why, by=by) as tally:
        for fold in better:
            put(fold, settings.snapshots_dir)
            tally.done += 1
    print(n_("{number} snapshot was made anew.", "{number} snapshots were made anew.", len(better)))
    return Exit.DONE


def _held_against_the_journal(settings: Settings) -> tuple[list[Rebuilt], list[Fold]]:
    """What came of each partition, and the folds of those alone that want a new snapshot."""
    found, better = [], []
    for number in range(settings.partitions):
        fold, one = folded(settings, settings.snapshots_dir, number)
        found.append(one)
        if one.replaceable:
            better.append(fold)
        del fold  # all that is known of a partition: not held while the next is folded
    return found, better


def _show(found: list[Rebuilt]) -> None:
    table((_("partition") + ">", _("records") + ">", _("snapshot")), [_row(one) for one in found])
    if not all(one.identical for one in found):
        print(_("A snapshot said otherwise than the journal. The journal is right."))


def _at_work(settings: Settings) -> str:
    text = _("Not rebuilt: workers of {programme} run and write snapshots themselves. Nothing was changed.")
    stop = _("Stop them first:  naadloos down   or only compare: leave out --go")
    return text.format(programme=settings.programme) + "\n" + stop


def _row(one: Rebuilt) -> tuple[object, ...]:
    if not one.cached:
        return one.partition, one.records, _("there was none of this code")
    if one.identical:
        return one.partition, one.records, _("identical")
    what = few([*one.against.differing, *one.against.otherwise])
    return one.partition, one.records, _("differs: {what}").format(what=what)
