"""`naadloos replay redrive FILE`: exactly what the saved what-if shows, paced, stopped and taken up again at will."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Final

from workers.cli.acting import account_of, confirmed, not_sent
from workers.cli.exits import Exit
from workers.cli.foreseen import refused
from workers.cli.page import few, tell
from workers.cli.session import Session, session
from workers.replay.approval import Order, Step, Verdict
from workers.replay.originals import originals
from workers.replay.redrive import Redrive
from workers.replay.whatif import WhatIf, opened
from workers.runtime.fingerprint import fingerprint
from workers.runtime.language import _, marked, n_
from workers.runtime.unable import UnableToAllowError, UnableToUnderstandError

VERDICTS: Final = {
    Verdict.MENDED: marked("mended"),
    Verdict.FAILING: marked("still failing"),
    Verdict.SKIPPED: marked("skipped"),
}


def run(args: argparse.Namespace) -> int:
    """Show what was approved; with --go and the right head-count, do it."""
    what_if = opened(args.file)
    by = account_of(args)
    with session(says=args.go) as here:
        _must_fit(what_if, here)
        redrive = _redrive(what_if, here, Order(what_if, args.why, by))
        _must_stand_still(redrive, what_if, args.file)
        _must_keep_promises(what_if)
        approved = what_if.approved()
        if not approved:
            print(_("Nothing to redrive: today's code mends no letter in this file."))
            return Exit.DONE
        print(_told(what_if))
        if not args.go:
            return not_sent()
        if not confirmed(len(approved), _("redrive them"), yes=args.yes):
            return Exit.NOT_CONFIRMED
        steps, stopped = _paced(redrive, args)
    return _summed_up(steps, stopped=stopped, approved=len(approved), file=str(args.file))


def _redrive(what_if: WhatIf, here: Session, order: Order) -> Redrive:
    letters = [letter for one in what_if.redos for letter in (*one.mended, *one.failing)]
    return Redrive(here, order, originals(here.settings, letters))


def _must_fit(what_if: WhatIf, here: Session) -> None:
    """The what-if is of this programme and this code. Raises `UnableToUnderstandError`, `UnableToAllowError`."""
    if what_if.programme != here.settings.programme:
        raise UnableToUnderstandError(
            _("Not redriven: the what-if is of programme {theirs}, and this is {ours}. Nothing was said.").format(
                theirs=what_if.programme, ours=here.settings.programme
            )
            + "\n"
            + _("Is that the one?  export NAADLOOS_PROGRAMME={theirs}").format(theirs=what_if.programme)
        )
    if what_if.code != fingerprint():
        raise UnableToAllowError(
            _("Not redriven: other code made the what-if ({theirs}, and this is {ours}). Nothing was said.").format(
                theirs=what_if.code, ours=fingerprint()
            )
            + "\n"
            + _("See what this code would do:  naadloos replay what-if --save FILE")
        )


def _must_stand_still(redrive: Redrive, what_if: WhatIf, file: Path) -> None:
    """Nothing else would follow now than was approved. Raises `UnableToAllowError`."""
    moved = redrive.moved()
    if moved:
        raise UnableToAllowError(
            _("Not redriven: what was approved is no longer so for {who}. Nothing was said.").format(
                who=few([f"{step.subject} ({_why(step)})" for step in moved])
            )
            + "\n"
            + _("Look again, and approve that:  naadloos replay what-if {asked}").format(asked=_again(what_if, file))
        )


def _must_keep_promises(what_if: WhatIf) -> None:
    """What was approved cuts nobody off. Raises `UnableToAllowError`."""
    if breaks := [one for redo in what_if.approved() for one in redo.breaks]:
        raise UnableToAllowError(refused(breaks))


def _why(step: Step) -> str:
    return _(step.why) if step.why else ""


def _again(what_if: WhatIf, file: Path) -> str:
    """The options to type again. The file may have been edited: what it says was typed is quoted anew."""
    try:
        asked = shlex.join(shlex.split(what_if.asked))
    except ValueError:
        asked = shlex.quote(what_if.asked)
    return f"{asked} --save {shlex.quote(str(file))}".strip()


def _told(what_if: WhatIf) -> str:
    approved = what_if.approved()
    effects = sum(len(one.effects) for one in approved)
    subjects = n_("{number} subject would be redriven", "{number} subjects would be redriven", len(approved))
    fire = n_("{number} effect would fire", "{number} effects would fire", effects)
    return f"{what_if.digest}: {subjects}, {fire}."


def _paced(redrive: Redrive, args: argparse.Namespace) -> tuple[list[Step], bool]:
    """Take subjects up at the rate that was asked, until all are done, too many fail, or somebody says stop."""
    ending = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: ending.set())
    steps: list[Step] = []
    waited_for = 0
    redrive.begin()
    try:
        for step in redrive.steps():
            steps.append(step)
            tell(f"{step.subject}  {_(VERDICTS[step.verdict])}  {_why(step)}".rstrip())
            failures = sum(one.verdict is Verdict.FAILING for one in steps)
            due = redrive.taken_up > waited_for and len(steps) < len(redrive.approved())
            if failures > args.most_failures or ending.wait(pause_after(redrive.taken_up, args) if due else 0):
                break
            waited_for = redrive.taken_up
    finally:
        signal.signal(signal.SIGINT, before)
        stopped = len(steps) < len(redrive.approved())
        redrive.end(steps, stopped=stopped)
    return steps, stopped


def pause_after(taken: int, args: argparse.Namespace) -> float:
    """Seconds to wait once so many were taken up: as the rate asks, and after each whole batch its pause besides."""
    between = args.pause if taken % args.batch == 0 else 0.0
    return float(60 / args.rate + between)


def _summed_up(steps: list[Step], *, stopped: bool, approved: int, file: str) -> int:
    counts = Counter(step.verdict for step in steps)
    tell(
        _(
            "{approved} selected = {mended} mended + {failing} still failing + {skipped} skipped + {left} not begun"
        ).format(
            approved=approved,
            mended=counts[Verdict.MENDED],
            failing=counts[Verdict.FAILING],
            skipped=counts[Verdict.SKIPPED],
            left=approved - len(steps),
        )
    )
    for verdict in (Verdict.FAILING, Verdict.SKIPPED):
        named = [step.subject for step in steps if step.verdict is verdict]
        if named:
            print(f"  {_(VERDICTS[verdict])}: {few(named)}", file=sys.stderr)
    if stopped:
        print(
            _("Stopped. Go on where it was:  naadloos replay redrive {file} --why REASON --go").format(file=file),
            file=sys.stderr,
        )
    return Exit.DONE if counts[Verdict.MENDED] == approved else Exit.FAILED
