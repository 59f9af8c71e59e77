"""Move a whole municipality, here and now: a real Kafka, real workers, a simulated world.

The programme's clock runs ahead, but never ahead of the workers, so a slow machine changes how long the demo takes and
never how it ends. While it runs, look at it from a second terminal:

  naadloos watch            what is heard and decided, as it happens
  naadloos status           how the waves stand, and who waits for what
  naadloos explain E-0001   everything that is known of one employee

Nothing outside this machine is touched.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.live import Live

from workers.cli.demo_page import one_line, picture, summary
from workers.cli.exits import Exit
from workers.cli.interrupts import leaves
from workers.cli.page import console, show
from workers.cli.usage import check_writable, whole_number
from workers.imports.reader import read_roster
from workers.imports.roster import Roster
from workers.imports.sample import EMPLOYEES, MOST, MUNICIPALITY, SEED, STARTS, generate
from workers.rehearsal.report import Report
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.language import _, doc_
from workers.runtime.settings import read_settings


def add(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no name for it
    """Register `naadloos demo`."""
    parser = subparsers.add_parser(
        "demo",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    count, file = _("COUNT"), _("FILE")
    parser.add_argument(
        "--employees", type=whole_number(1, MOST), default=EMPLOYEES, metavar=count, help=_("how many (default 900)")
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=SEED,
        metavar=_("NUMBER"),
        help=_("another seed, other people and other luck (default 1)"),
    )
    parser.add_argument(
        "--deciders", type=whole_number(), default=1, metavar=count, help=_("decider processes (default 1)")
    )
    parser.add_argument(
        "--leader", choices=("answers", "none"), default="answers", help=_("whether tasks are answered")
    )
    parser.add_argument("--report", type=Path, metavar=file, help=_("write the report as JSON"))
    parser.add_argument("--world-log", type=Path, metavar=file, help=_("where the world writes what is true"))
    parser.set_defaults(run=run)


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.TERMINATED)


def run(args: argparse.Namespace) -> int:
    """Run it to its end and report; asked to end, it stops its workers first."""
    signal.signal(signal.SIGTERM, _end)
    check_writable(args.report, args.world_log)
    settings = read_settings()
    wishes = Wishes(seed=args.seed, policy=args.leader, deciders=args.deciders, truth=args.world_log)
    rehearsal = Rehearsal(settings, roster_of(args.employees, args.seed), wishes)
    with leaves(partial(_left, rehearsal)):
        report = _run(rehearsal)
    if args.report:
        args.report.write_text(report.model_dump_json(indent=2, by_alias=True) + "\n", encoding="utf-8")
    show(summary(report, rehearsal))
    return Exit.DONE if report.kept else Exit.FAILED


def _run(rehearsal: Rehearsal) -> Report:
    page = console()
    if not page.is_terminal:
        return rehearsal.run(_Lines(page).show)
    with Live(console=page, refresh_per_second=4) as live:
        return rehearsal.run(lambda now: live.update(picture(now)))


def _left(rehearsal: Rehearsal) -> str:
    """What an interrupt leaves: a town to look at, once everything is said."""
    anew = _("Rehearse anew:  naadloos demo")
    if rehearsal.phase not in {"migration", "report"}:
        return _("The rehearsal's workers are stopped.") + " " + anew
    told = _("The rehearsal's workers are stopped, and how far it came stays in Kafka until the next rehearsal.")
    again = _("Take it up there, with its clock standing still:  naadloos up")
    return told + "\n" + again + "   " + anew


def roster_of(employees: int, seed: int) -> Roster:
    """The shipped municipality, read as any import is; another size or seed is invented on the spot."""
    if (employees, seed) == (EMPLOYEES, SEED):
        return read_roster(MUNICIPALITY).roster
    return generate(employees, seed, STARTS)


class _Lines:
    """Progress where there is no terminal: a line now and then."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._at = 0.0
        self._phase = ""

    def show(self, now: Rehearsal) -> None:
        """One line per phase, and one every five seconds."""
        if now.phase == self._phase and time.monotonic() - self._at < 5:  # noqa: PLR2004 - seconds
            return
        self._phase, self._at = now.phase, time.monotonic()
        self._console.print(one_line(now))
        sys.stdout.flush()
