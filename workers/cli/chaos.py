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
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from workers.cli.chaos_page import Page, print_report, text_of
from workers.cli.exits import Exit
from workers.cli.page import console
from workers.cli.usage import check_writable, whole_number
from workers.runtime.files import kept
from workers.runtime.language import _, doc_
from workers.runtime.unable import UnableToUnderstandError

if TYPE_CHECKING:
    from workers.chaos.report import ChaosReport

MOST_SEEDS = 1_000_000
MOST_MINUTES = 24 * 60


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
    report, left = (_merged(args.merge), None) if args.merge else _struck(args)
    _write(args.report, report)
    print_report(report, left=left)
    return Exit.DONE if report.kept else Exit.FAILED


def _write(file: Path | None, report: ChaosReport) -> None:
    """The file, where one was asked for, holds this report whole, or still the one before it."""
    if file is not None:
        kept(file, report.model_dump_json(indent=2).encode() + b"\n")


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.TERMINATED)


def _show_plan(seed: int, count: int, *, pause: float) -> int:
    """The plan of the run's first rehearsal; the next has its own."""
    from workers.chaos.run import MOST, crew_names
    from workers.chaos.strikes import strikes

    for strike in islice(strikes(seed * MOST, crew_names(), pause=pause), count):
        print(f"{strike.number:>5}  +{strike.pause:.1f} s  {text_of(strike)}")
    return Exit.DONE


def _struck(args: argparse.Namespace) -> tuple[ChaosReport, Path]:
    """What came of it, and the folder in which all is left as it was."""
    from workers.chaos.ground import PROGRAMME
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
    page, settings = Page(console()), read_settings()
    keep = partial(_write, args.report)
    chaos = Chaos(settings, wishes, tell=page.tell, look=page.look, judge=page.judge, keep=keep)
    return chaos.run(), settings.state_dir / PROGRAMME


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
