"""Set a wrong fact right by saying the right one: history is never changed, and both stand in it.

Any fact that a person may state can be said, each field as name=value, and as JSON where it is a list or has fields of
its own; the line is WHO's, your account and the reason go along. Shown first is what would follow, tried in a sandbox
by the code that a decider runs.

What can be said, with its fields; those in brackets may be left out:
"""

from __future__ import annotations

import argparse
from datetime import datetime
from textwrap import fill

from events.envelope import Said
from events.registry import AnyFact
from orchestrator.record import Holder
from workers.cli.acting import account_of, act_of_ops, add_acting, not_sent, say
from workers.cli.exits import Exit
from workers.cli.session import Session, session
from workers.cli.usage import an_id, point_in_time
from workers.journal.record import Entry
from workers.replay.sandbox import SOURCE, alone, tried
from workers.runtime.language import _, doc_
from workers.runtime.topics import partition_of
from workers.runtime.type_names import name_of
from workers.runtime.unable import UnableToUnderstandError
from workers.views.correcting import KINDS, correcting, fields_of
from workers.views.named import holder_of
from workers.views.stream import follows, heard, reasons, where
from workers.views.times import full


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `correct`."""
    noun = subparsers.add_parser(
        "correct",
        description=doc_(__doc__) + "\n\n" + "\n".join(map(_told, sorted(KINDS))),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "who", type=an_id, metavar=_("WHO"), help=_("employee E-0001, shared number S-0001, or line E-0001-1")
    )
    noun.add_argument("fact", metavar=_("FACT"), help=_("what is right, as dispatch.kit-found"))
    noun.add_argument("fields", nargs="*", metavar=_("NAME=VALUE"), help=_("its fields"))
    noun.add_argument("--true-at", type=point_in_time, metavar=_("TIME"), help=_("since when it is so (default: now)"))
    add_acting(noun)
    noun.set_defaults(run=run)


def _told(name: str) -> str:
    text = " ".join([name, *fields_of(KINDS[name])])
    return fill(text, 110, initial_indent="  ", subsequent_indent="      ", break_on_hyphens=False)


def run(args: argparse.Namespace) -> int:
    """Show what would follow; with --go, say it."""
    with session(says=args.go) as opened:
        holder = holder_of(opened.catch_up(), args.who)
        _check_past(args.true_at, opened.now())
        fact = correcting(holder, args.who, args.fact, args.fields, by=account_of(args), why=args.why)
        entry = _tried(opened, holder, fact, args)
        _show(entry, holder)
        if entry.unread is not None:
            raise UnableToUnderstandError(
                _("Not said: it would be a dead letter ({why}). Nothing was said.").format(why=entry.unread.detail)
                + "\n"
                + _("Set its fields or --true-at right, and give the same command again.")
            )
        if not args.go:
            return not_sent()
        return _say(opened, holder, fact, args)


def _check_past(true_at: datetime | None, now: datetime) -> None:
    """Nothing is so before it is so. Raises `UnableToUnderstandError`."""
    if true_at is not None and true_at > now:
        told = _("Not corrected: {at} is still to come; by the programme's clock it is {now}. Nothing was said.")
        raise UnableToUnderstandError(
            told.format(at=full(true_at), now=full(now)) + "\n" + _("Give an earlier --true-at, or leave it out.")
        )


def _tried(opened: Session, holder: Holder, fact: AnyFact, args: argparse.Namespace) -> Entry:
    now = opened.now()
    fold = opened.folds[partition_of(holder.id, len(opened.folds))]
    return tried(alone(fold, holder.id), Said("tried", SOURCE, holder.id, args.true_at or now, now, fact), now=now)


def _show(entry: Entry, holder: Holder) -> None:
    place = where(entry, holder)
    print(_("It would be heard as:  {what}").format(what=heard(entry)))
    for why in reasons(entry, place):
        print(f"  → {why}")
    for act in follows(entry):
        print(f"  ⇒ {act}")


def _say(opened: Session, holder: Holder, fact: AnyFact, args: argparse.Namespace) -> int:
    by = account_of(args)
    with act_of_ops(opened, "correct", f"{name_of(fact)} of {holder.id}", why=args.why, by=by) as tally:
        code = say(opened, [(holder.id, fact)], by, true_at=args.true_at, cause=tally.begun)
        tally.done, tally.failed, tally.undecided = (
            int(code == end) for end in (Exit.DONE, Exit.FAILED, Exit.UNAVAILABLE)
        )
    return code
