"""`naadloos replay offsets`: how far each consumer group is, and setting one back.

Setting deciders back has their commands said again; setting effect workers back has commands carried out again, each
under its own business key, so that a counterpart takes the second for the first.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from workers.cli.acting import account_of, act_of_ops, not_sent, reason_of
from workers.cli.exits import Exit
from workers.cli.page import heading, table
from workers.cli.session import check_whole, ensure_begun, session
from workers.replay.offsets import Group, Move, check_idle, groups, moves, set_back
from workers.runtime.groups import GROUPS
from workers.runtime.language import _
from workers.runtime.settings import Settings, read_settings
from workers.runtime.unable import UnableToUnderstandError
from workers.views.times import full


def run(args: argparse.Namespace) -> int:
    """Show the groups; with --back, show what would move, and with --go, move it."""
    settings = read_settings()
    _check_named(args)
    _check_past(args.to)
    check_whole(settings, says=args.go)
    ensure_begun(settings)
    if not args.back:
        _show(groups(settings))
        return Exit.DONE
    asked = moves(settings, args.back, to=args.to)
    heading(_("{group} would be set back").format(group=args.back))
    rows = [(move.partition, move.before, move.after, move.before - move.after) for move in asked]
    table((_("partition") + ">", _("from") + ">", _("to") + ">", _("again") + ">"), rows)
    if not asked:
        print(_("Nothing would move."))
        return Exit.DONE
    return _set_back(settings, args, asked) if args.go else not_sent()


def _check_named(args: argparse.Namespace) -> None:
    """Whoever wants a group set back names it. Raises `UnableToUnderstandError`."""
    if not args.back and (args.to is not None or args.go):
        raise UnableToUnderstandError(
            _("Not set back: no group is named. There are: {groups}. Nothing was changed.").format(
                groups=", ".join(sorted(GROUPS))
            )
            + "\n"
            + _("Name one:  naadloos replay offsets --back porting --to TIME --why REASON")
        )


def _check_past(to: datetime | None) -> None:
    """Records are found by when Kafka's machine wrote them, so nothing was written after its clock's time."""
    now = datetime.now(UTC)
    if to is not None and to > now:
        told = _("Not set back: {at} is still to come; by the machine's clock, which counts here, it is {now}.")
        raise UnableToUnderstandError(
            told.format(at=full(to), now=full(now)) + "\n" + _("Nothing was changed. Give an earlier --to.")
        )


def _set_back(settings: Settings, args: argparse.Namespace, asked: list[Move]) -> int:
    by, why, count = account_of(args), reason_of(args), sum(move.before - move.after for move in asked)
    check_idle(settings, args.back)
    what = f"{args.back}, {len(asked)} partitions, {count} records"
    with session(says=True) as opened, act_of_ops(opened, "offsets", what, why=why, by=by) as tally:
        set_back(settings, args.back, asked)
        tally.done = len(asked)
    print(_("{group} is set back; it begins there when its workers start:  naadloos up").format(group=args.back))
    return Exit.DONE


def _show(found: list[Group]) -> None:
    rows = [
        (
            group.name, group.topic, group.members, group.lag,
            " ".join(f"{place.partition}:{place.committed}" for place in group.places),
        )
        for group in found
    ]  # fmt: skip
    table((_("group"), _("reads"), _("members") + ">", _("lag") + ">", _("offsets by partition")), rows)
