"""Watch decisions as they fall: one line each, with its time, who, wave and department, what was heard, and why.

It begins now, or earlier with --since or --from: then what was is shown first, in order of time. It goes on until
Ctrl-C (exit code 130) or for as long as --for says. Filters go together: what passes all of them is shown. With --json
each line is one JSON object; telephone numbers are masked there, and nowhere shown.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime

from orchestrator.reasons import Reason
from workers.cli.exits import Exit
from workers.cli.filters import check_department, check_wave
from workers.cli.session import Session, session
from workers.cli.usage import an_id, in_seconds
from workers.imports.moments import moment_of
from workers.imports.taken import UnableToTakeError
from workers.journal.record import Entry
from workers.runtime.language import _, doc_
from workers.runtime.log import mask
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known
from workers.views.named import not_found, subject_named
from workers.views.stream import Wanted, as_json, line_of, where


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `watch`."""
    noun = subparsers.add_parser(
        "watch",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("--employee", type=an_id, metavar="E-…", help=_("of this employee, shared number or line"))
    noun.add_argument("--wave", type=an_id, metavar="W-…", help=_("of this wave"))
    noun.add_argument("--department", default="", metavar=_("NAME"), help=_("of departments with this in their name"))
    noun.add_argument(
        "--reason",
        default="",
        choices=sorted(map(str, Reason)),
        metavar=_("REASON"),
        help=_("that give this reason (last column of status)"),
    )
    noun.add_argument("--exceptions", action="store_true", help=_("only what went otherwise than planned"))
    noun.add_argument("--since", metavar=_("TIME"), help=_("from this time on, as 2027-02-19T14:00"))
    noun.add_argument(
        "--from", dest="place", metavar="P/N", help=_("of one partition, from this position on, as 3/1500")
    )
    noun.add_argument("--for", dest="seconds", type=in_seconds, metavar=_("SECONDS"), help=_("end after so long"))
    noun.add_argument("--json", action="store_true", help=_("one JSON object per decision"))
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show decisions until told to stop."""
    wanted = wanted_from(args)
    with session(afresh=bool(wanted.since or wanted.place)) as opened:

        def show(partition: int, entry: Entry) -> None:
            place = where(entry, opened.folds[partition].states.get(entry.subject))
            if wanted.lets(entry, place, partition):
                shown = mask(json.dumps(as_json(entry, place, partition))) if args.json else line_of(entry, place)
                print(shown, flush=True)

        back = wanted.since or wanted.place
        for partition, entry in opened.history() if back else ():
            show(partition, entry)
        _must_be_there(opened.catch_up(show if back else None), wanted)
        _follow(opened, show, seconds=args.seconds)
    return Exit.DONE


def _must_be_there(known: Known, wanted: Wanted) -> None:
    """Whoever is followed is there. Raises `UnableToUnderstandError`."""
    if wanted.employee and subject_named(known, wanted.employee) is None:
        raise UnableToUnderstandError(not_found(known, wanted.employee))
    check_wave(known, wanted.wave)
    check_department(known, wanted.department)


def _follow(opened: Session, show: Callable[[int, Entry], None], *, seconds: float | None) -> None:
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        for partition, entry in opened.journal.read():
            show(partition, entry)


def wanted_from(args: argparse.Namespace) -> Wanted:
    """The filters that were asked for. Raises `UnableToUnderstandError` for a time or position that is none."""
    return Wanted(
        employee=args.employee or "",
        wave=args.wave or "",
        department=args.department,
        reason=args.reason,
        exceptions=args.exceptions,
        since=_time(args.since) if args.since else None,
        place=_place(args.place) if args.place else None,
    )


def _time(text: str) -> datetime:
    try:
        return moment_of(text)
    except UnableToTakeError as unable:
        raise UnableToUnderstandError(
            _("Not shown: {text} is no time.").format(text=text)
            + "\n"
            + _("Write it as 2027-02-19T14:00 (Dutch time):  naadloos watch --since 2027-02-19T14:00")
        ) from unable


def _place(text: str) -> tuple[int, int]:
    partition, _slash, offset = text.partition("/")
    if partition.isdigit() and offset.isdigit():
        return int(partition), int(offset)
    raise UnableToUnderstandError(
        _("Not shown: {text} is no position.").format(text=text)
        + "\n"
        + _("Write it as partition/position, as --json shows it:  naadloos watch --from 3/1500")
    )
