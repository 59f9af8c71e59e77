"""Kill, stop and cut what moves the lines, on a real Kafka, and judge what is left.

Rehearsal after rehearsal is run in the simulated world, and struck all the while: workers are killed and stopped, the
broker too, connections cut, answers lost, messages said again, the disk full, the clock set back; providers are slow,
late, or hang up. Then inbox and journal are read raw and compared with what one fold alone makes of them, and the world
is asked what was done. The seed settles what is struck, whom, and in which order:

  naadloos chaos --plan 20                                      shows the first twenty strikes of the plan
  naadloos chaos --seed 7 --minutes 45 --report seven.json      one run
  naadloos chaos --merge seven.json eight.json --report sum.json

It has a Kafka, ports and a folder of its own. Where a promise is broken it stops, and leaves everything as it is.
Nothing outside this machine is touched.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from workers.cli.exits import Exit
from workers.cli.page import console, show
from workers.cli.usage import check_writable, whole_number
from workers.runtime.figures import figure
from workers.runtime.language import _, doc_, n_
from workers.runtime.unable import UnableToUnderstandError

if TYPE_CHECKING:
    from rich.console import Console

    from workers.chaos.report import ChaosReport, Struck
    from workers.chaos.strikes import Strike
    from workers.rehearsal.run import Rehearsal

MOST_SEEDS = 1_000_000
MOST_MINUTES = 24 * 60
EVERY = 10.0
"""Seconds between two lines of progress."""


def add(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no name for it
    """Register `naadloos chaos`."""
    parser = subparsers.add_parser(
        "chaos",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    count, file, number = _("COUNT"), _("FILE"), _("NUMBER")
    numbers = (
        ("--seed", 1, MOST_SEEDS, 1, number, _("another seed, other people and other strikes (default 1)")),
        ("--minutes", 1, MOST_MINUTES, 10, count, _("for how long rehearsals are begun (default 10)")),
        ("--employees", 1, 10_000, 300, count, _("of each rehearsal (default 300)")),
        ("--pause", 1, 600, 4, count, _("seconds between two strikes, on average (default 4)")),
        ("--rehearsals", 1, 1000, 1000, count, _("no more than so many (default 1000)")),
        ("--plan", 1, 1_000_000, None, count, _("show so many strikes of the plan, and strike nothing")),
    )
    for name, least, most, default, metavar, text in numbers:
        parser.add_argument(name, type=whole_number(least, most), default=default, metavar=metavar, help=text)
    parser.add_argument(
        "--compare",
        action="store_true",
        help=_("rehearse each seed undisturbed as well: every line must come out the same"),
    )
    parser.add_argument("--report", type=Path, metavar=file, help=_("write the report as JSON"))
    parser.add_argument("--merge", type=Path, nargs="+", metavar=file, help=_("add these reports up instead"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the plan, add reports up, or strike until the time is up; asked to end, it stops its workers first."""
    if args.plan:
        return _show_plan(args.seed, args.plan, pause=args.pause)
    check_writable(args.report)
    report = _merged(args.merge) if args.merge else _struck(args)
    if args.report:
        args.report.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _print(report)
    return Exit.DONE if report.kept else Exit.FAILED


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.TERMINATED)


def _show_plan(seed: int, count: int, *, pause: float) -> int:
    """The plan of the run's first rehearsal; the next has its own."""
    from workers.chaos.run import MOST, crew_names
    from workers.chaos.strikes import strikes

    for strike in islice(strikes(seed * MOST, crew_names(), pause=pause), count):
        print(f"{strike.number:>5}  +{strike.pause:.1f} s  {_text(strike)}")
    return Exit.DONE


def _struck(args: argparse.Namespace) -> ChaosReport:
    from workers.chaos.run import Chaos, ChaosWishes
    from workers.runtime.settings import read_settings

    signal.signal(signal.SIGTERM, _end)
    wishes = ChaosWishes(
        seed=args.seed,
        minutes=args.minutes,
        employees=args.employees,
        pause=args.pause,
        rehearsals=args.rehearsals,
        compare=args.compare,
    )
    page = _Page(console())
    return Chaos(read_settings(), wishes, tell=page.tell, look=page.look, judge=page.judge).run()


def _merged(files: Sequence[Path]) -> ChaosReport:
    from workers.chaos.report import merged

    return merged([_read(file) for file in files])


def _read(file: Path) -> ChaosReport:
    from pydantic import ValidationError

    from workers.chaos.report import ChaosReport

    try:
        return ChaosReport.model_validate_json(file.read_bytes())
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValidationError:
        why = _("it is no report of naadloos chaos")
    raise UnableToUnderstandError(
        _("Not added up: {file} cannot be read: {why}.").format(file=file, why=why)
        + "\n"
        + _("Nothing was written. Give the reports of runs:  naadloos chaos --merge FILE…")
    )


class _Page:
    """What is told while it runs: each strike, how far it is now and then, and what was found of each rehearsal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._at = 0.0
        self._phase = ""

    def tell(self, strike: Strike) -> None:
        """One strike."""
        self._say(f"  {strike.number:>5}  {_text(strike)}")

    def look(self, now: Rehearsal) -> None:
        """One line per phase, and one every ten seconds."""
        from workers.cli.demo_page import one_line

        if now.phase == self._phase and time.monotonic() - self._at < EVERY:
            return
        self._phase, self._at = now.phase, time.monotonic()
        self._say(_("seed {seed}: {progress}").format(seed=now.wishes.seed, progress=one_line(now)))

    def judge(self, part: Struck) -> None:
        """What was found of one rehearsal."""
        told = _("seed {seed}: {records} records, {kills} kills, {seconds} s: {verdict}")
        broken = n_("{number} promise broken", "{number} promises broken", len(part.wrong))
        told = told.format(
            seed=part.seed,
            records=part.records,
            kills=sum(part.killed.values()),
            seconds=figure(part.seconds),
            verdict=broken if part.wrong else _("kept"),
        )
        self._say(told)
        for why in part.wrong[:20]:
            self._say(f"    {why}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
        sys.stdout.flush()


def _text(strike: Strike) -> str:
    from workers.chaos.strikes import TEXTS

    return _(TEXTS[strike.kind]).format(whom=_(strike.whom), seconds=figure(strike.seconds), count=strike.count)


def _print(report: ChaosReport) -> None:
    from rich.table import Table
    from rich.text import Text

    promise = _("Every promise was kept.") if report.kept else _("A promise was broken.")
    verdict = Text(promise, style="bold green" if report.kept else "bold red")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in _rows(report):
        table.add_row(name, value)
    found = [Text(why, style="red") for why in (*report.broken, *report.wrong)[:20]]
    show(Text(""), verdict, Text(""), table, *found)


def _rows(report: ChaosReport) -> list[tuple[str, str]]:
    from workers.views.words import word

    effects = report.effects
    done = _("{done}: repeated {repeated}, missing {missing}, maybe twice {maybe}")
    heard = _("{records}: lost {lost}, decided twice {doubled}; said again {again}, late writers passed over {ignored}")
    return [
        (_("rehearsals, employees, minutes"), f"{report.rehearsals}, {report.employees}, {figure(report.minutes)}"),
        (_("struck"), _counted(report.strikes)),
        (_("kills by worker"), _counted(report.killed)),
        (
            _("connections cut, answers lost"),
            f"{report.cuts}, {report.answers_lost}",
        ),
        (
            _("messages heard"),
            heard.format(
                records=report.records,
                lost=report.lost,
                doubled=report.doubled,
                again=report.duplicates,
                ignored=report.ignored,
            ),
        ),
        (
            _("effects in the world"),
            done.format(
                done=effects.done, repeated=effects.repeated, missing=effects.missing, maybe=effects.maybe_twice
            ),
        ),
        (_("minutes unreachable"), _counted({word(who): figure(m) for who, m in report.gap_minutes.items()})),
        (_("rehearsals held against an undisturbed one"), str(report.compared)),
    ]


def _counted(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or _("none")
