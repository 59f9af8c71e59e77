"""Confirm a hand-over: this SIM, and this phone, are in this person's hands.

A code that cannot be right, and an old SIM, are refused and not stored. Another SIM than the one meant is stored as
what it is, since it is true, and told loudly: the line then waits until somebody settles it. Another phone holds up
nothing; logistics get a task to correct the books. A hand-over that was said of the wrong person or kit is taken back
with --correct; the history keeps both.
"""

from __future__ import annotations

import argparse

from events.base import SubjectId, subject_of
from events.dispatch import HandoverCorrected
from events.registry import AnyFact
from workers.cli.acting import account_of, add_acting, not_sent, reason_of, say
from workers.cli.exits import Exit
from workers.cli.page import loud
from workers.cli.session import session
from workers.cli.usage import an_id
from workers.runtime.language import _, doc_
from workers.views.handover import Handover, Sim, handover, verdict
from workers.views.heard import short
from workers.views.known import Known


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `confirm`."""
    noun = subparsers.add_parser(
        "confirm",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument("who", type=an_id, metavar=_("WHO"), help=_("the employee (E-0001) or the line (E-0001-1)"))
    noun.add_argument("iccid", metavar="ICCID", help=_("as scanned from the card, 19 or 20 digits"))
    noun.add_argument("imei", metavar="IMEI", nargs="?", help=_("of the phone, 15 digits; none for a SIM alone"))
    noun.add_argument("--correct", action="store_true", help=_("take an earlier hand-over back (with --why)"))
    noun.add_argument("--why", default="", metavar=_("REASON"), help=_("why it is taken back"))
    add_acting(noun, why="never")
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell what the scan comes to; with --go, store it and tell what is then decided."""
    with session(says=args.go) as opened:
        known = opened.catch_up()
        seen = handover(known, args.who, iccid=args.iccid, imei=args.imei)
        if not args.correct:
            _tell(seen, known)
        fact = _correction(args, seen) if args.correct else None
        if seen.known_already and fact is None and not opened.awaits(subject_of(seen.line)):
            print(_("Nothing was said."))
            return Exit.DONE
        if not args.go:
            return not_sent()
        by = account_of(args)
        facts: list[tuple[SubjectId, AnyFact]] = [(subject_of(seen.line), fact or seen.fact(by))]
        if fact is None and (elsewhere := seen.taken_from(known, by)):
            facts.insert(0, (subject_of(elsewhere.line), elsewhere))
        return say(opened, facts, by)


def _tell(seen: Handover, known: Known) -> None:
    line = known.line(seen.line)
    assert line is not None
    first, *others = verdict(seen, line)
    (print if seen.sim is Sim.RIGHT else loud)(first)
    for text in others:
        print(text)
    if seen.sim is not Sim.RIGHT:
        print(_("With --go it is stored as a mismatch; {line} waits until logistics settle it.").format(line=seen.line))


def _correction(args: argparse.Namespace, seen: Handover) -> HandoverCorrected:
    why = reason_of(args)
    print(
        _("The hand-over of {sim} to {line} would be taken back. The history keeps it.").format(
            sim=short(seen.iccid), line=seen.line
        )
    )
    return HandoverCorrected(line=seen.line, iccid=seen.iccid, why=why, by=account_of(args))
