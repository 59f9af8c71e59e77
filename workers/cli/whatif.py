"""`naadloos replay what-if`: what would follow for whom, shown, and kept for a redrive."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable, Iterator

from events.base import LetterId, SubjectId
from workers.cli.exits import Exit
from workers.cli.filters import check_department, check_wave
from workers.cli.page import progress
from workers.cli.session import Session, session
from workers.cli.usage import check_writable
from workers.cli.whatif_page import print_csv, print_json, show
from workers.journal.letters import Letter, still_open, together
from workers.replay.history import Asked, Compared, compared
from workers.replay.originals import originals
from workers.replay.whatif import Basis, WhatIf, saved
from workers.runtime.fingerprint import fingerprint
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.views.known import Known
from workers.views.named import holder_of


def run(args: argparse.Namespace) -> int:
    """Show it; with --save, keep it."""
    check_writable(args.save)
    with session() as opened:
        known = opened.catch_up()
        check_wave(known, args.wave)
        check_department(known, args.department)
        history = _held_against(opened.settings, _asked(args, known)) if args.whole else None
        what_if = _made(opened, known, args, history)
    if args.save:
        saved(what_if, args.save)
    if args.json:
        print_json(what_if, history)
    elif args.csv:
        print_csv(what_if, history)
    else:
        show(what_if, history, saved=args.save)
    return Exit.DONE


def _held_against(settings: Settings, asked: Asked) -> Compared:
    return compared(settings, asked, tell=lambda done: progress(_("partitions"), f"{done}/{settings.partitions}"))


def _made(opened: Session, known: Known, args: argparse.Namespace, history: Compared | None) -> WhatIf:
    letters = together(fold.letters for fold in opened.folds.values())
    wanted: dict[SubjectId, list[LetterId]] = {subject: [] for subject in _named(args, known, history)}
    asks_for = _filter(args, known)
    for letter in still_open(letters):
        if asks_for(letter):
            wanted.setdefault(letter.subject, []).append(letter.id)
    found = originals(opened.settings, [letter for of in wanted.values() for letter in of])
    basis = Basis(opened.folds, opened.waits, letters, found)
    now = opened.now()
    redos = tuple(basis.redo(subject, of, now=now) for subject, of in sorted(wanted.items()))
    return WhatIf(programme=opened.settings.programme, code=fingerprint(), at=now, asked=_as_typed(args), redos=redos)


def _named(args: argparse.Namespace, known: Known, history: Compared | None) -> Iterator[SubjectId]:
    """Subjects that are decided anew though they may have no letter: named ones, and those decided otherwise."""
    yield from (holder_of(known, who).id for who in args.who)
    yield from history.subjects() if history is not None else ()


def _filter(args: argparse.Namespace, known: Known) -> Callable[[Letter], bool]:
    """Whether a letter is asked for."""
    who = _asked(args, known).only

    def asks_for(letter: Letter) -> bool:
        return (
            (who is None or letter.subject in who)
            and args.reason in {"", letter.reason}
            and (args.since is None or letter.at >= args.since)
        )

    return asks_for


def _of_place(args: argparse.Namespace, known: Known) -> frozenset[SubjectId]:
    """Those in the wave and the department that were asked for."""
    return frozenset(
        holder.id
        for holder in known.holders()
        if (not args.wave or any(line.plan.wave == args.wave for line in holder.lines.values()))
        and (
            not args.department
            or (holder.enrolled and args.department.casefold() in holder.enrolled.department.casefold())
        )
    )


def _asked(args: argparse.Namespace, known: Known) -> Asked:
    only = frozenset(holder_of(known, who).id for who in args.who) or None
    if args.wave or args.department:
        place = _of_place(args, known)
        only = place if only is None else only & place
    return Asked(only=only, since=args.since)


def _as_typed(args: argparse.Namespace) -> str:
    """The options that choose, as they can be typed again."""
    given = {
        "--wave": args.wave,
        "--department": args.department,
        "--reason": args.reason,
        "--since": args.since.isoformat() if args.since else "",
    }
    words = [word for who in args.who for word in ("--who", who)]
    words += [word for name, value in given.items() if value for word in (name, value)]
    return shlex.join([*words, *(["--whole"] if args.whole else [])])
