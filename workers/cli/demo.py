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
from pathlib import Path
from types import FrameType
from typing import Any, Final

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from events.outcomes import Owner
from workers.cli.exits import Exit
from workers.imports.reader import read_roster
from workers.imports.roster import Roster
from workers.imports.sample import EMPLOYEES, MOST, MUNICIPALITY, SEED, STARTS, generate
from workers.rehearsal.report import Report
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.settings import read_settings

WIDTH: Final = 28


def add(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no name for it
    """Register `naadloos demo`."""
    parser = subparsers.add_parser(
        "demo",
        help="move a whole municipality in a simulated world",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--employees", type=_count, default=EMPLOYEES, help="how many (default 900)")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, other people and other luck (default 1)")
    parser.add_argument("--deciders", type=int, default=1, help="decider processes (default 1)")
    parser.add_argument("--leader", choices=("answers", "none"), default="answers", help="whether tasks are answered")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--world-log", type=Path, metavar="FILE", help="where the world writes what is true")
    parser.set_defaults(run=run)


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"give a number from 1 to {MOST}")
    return number


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(Exit.TERMINATED)


def run(args: argparse.Namespace) -> int:
    """Run it to its end and report; asked to end, it stops its workers first."""
    signal.signal(signal.SIGTERM, _end)
    settings = read_settings()
    wishes = Wishes(seed=args.seed, policy=args.leader, deciders=args.deciders, truth=args.world_log)
    rehearsal = Rehearsal(settings, roster_of(args.employees, args.seed), wishes)
    console = Console(highlight=False)
    if console.is_terminal:
        with Live(console=console, refresh_per_second=4) as live:
            report = rehearsal.run(lambda now: live.update(picture(now)))
    else:
        report = rehearsal.run(_Lines(console).show)
    if args.report:
        args.report.write_text(report.model_dump_json(indent=2, by_alias=True) + "\n", encoding="utf-8")
    console.print(summary(report, rehearsal))
    return Exit.DONE if kept(report) else Exit.FAILED


def roster_of(employees: int, seed: int) -> Roster:
    """The shipped municipality, read as any import is; another size or seed is invented on the spot."""
    if (employees, seed) == (EMPLOYEES, SEED):
        return read_roster(MUNICIPALITY).roster
    return generate(employees, seed, STARTS)


def kept(report: Report) -> bool:
    """Whether the promise was kept: every line accounted for, no gap of ours, nothing lost, nothing twice."""
    accounted = report.done + sum(report.ended.values()) + sum(report.held.values()) == report.lines
    inbox = report.inbox
    once = inbox.undecided == 0 and inbox.decided_twice == 0 and inbox.decided_once == inbox.records
    return accounted and once and report.gap_minutes[Owner.OURS] == 0 and report.effects.repeated == 0


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


def one_line(now: Rehearsal) -> str:
    """How far it is, in one line."""
    if now.phase != "migration" or not now.progress:
        return f"{now.phase} …"
    over = len(now.tally.done) + len(now.tally.ended)
    moment = str(now.progress["now"])[:16].replace("T", " ")
    moved = len(now.tally.reached["number moved"])
    return (
        f"{moment}  moved {moved:>5}  over {over:>5} of {len(now.tally.reached['enrolled'])}"
        f"  tasks {len(now.tally.tasks):>4}  unreachable now {now.watch.unreachable()}"
    )


def picture(now: Rehearsal) -> Group:
    """How far it is, as a picture that is redrawn."""
    title = Text.assemble(("Naadloos", "bold"), f"  {now.roster.title}: {len(now.roster.employees)} employees")
    if now.phase != "migration" or not now.progress:
        return Group(title, Text(f"{now.phase} …", style="dim"))
    table = Table(box=None, show_header=False, padding=(0, 1))
    lines = max(1, len(now.tally.reached["enrolled"]))
    for phase, reached in now.tally.reached.items():
        table.add_row(phase, _bar(len(reached), lines), f"{len(reached):>6}")
    over = len(now.tally.done) + len(now.tally.ended)
    table.add_row("done", _bar(over, lines), f"{over:>6}")
    return Group(title, _moment(now), table)


def _moment(now: Rehearsal) -> Text:
    unreachable = now.watch.unreachable()
    return Text.assemble(
        (str(now.progress["now"])[:16].replace("T", " ") + " UTC", "cyan"),
        "   unreachable now: ",
        (str(unreachable), "bold green" if unreachable == 0 else "bold red"),
        f"   caught by the safety net: {now.watch.covered()}   moving: {now.watch.moving()}",
        f"   open tasks: {len(now.tally.tasks)}   decided: {now.tally.records}",
    )


def _bar(part: int, whole: int) -> Text:
    full = round(WIDTH * min(part, whole) / whole)
    return Text("█" * full, style="green") + Text("·" * (WIDTH - full), style="dim")


def summary(report: Report, rehearsal: Rehearsal) -> Group:
    """The end of it, in words and numbers."""
    ours = report.gap_minutes[Owner.OURS]
    promise = (
        "Nobody was unreachable because of the move." if ours == 0 else f"{ours:g} minutes unreachable by our doing."
    )
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in _rows(report):
        table.add_row(name, value)
    return Group(
        Text(""),
        Text(promise, style="bold green" if kept(report) else "bold red"),
        Text(""),
        table,
        Text(""),
        Text("Look around:  naadloos status    naadloos explain E-0001    naadloos watch --for 2"),
        Text(f"What was true in the world: {rehearsal.truth}"),
        Text(f"Mail that was written: {rehearsal.folder / 'outbox'}"),
        Text("Kafka still runs, so that you can. Stop it:  naadloos kafka stop"),
    )


def _rows(report: Report) -> list[tuple[str, str]]:
    port = report.port_interruption_seconds
    inbox, effects = report.inbox, report.effects
    return [
        ("employees, lines", f"{report.employees}, {report.lines}"),
        ("moved and done", str(report.done)),
        ("ended without a move", _counted(report.ended)),
        ("held, each a named person's task", _counted(report.held)),
        ("minutes unreachable", _counted({str(owner): f"{m:g}" for owner, m in report.gap_minutes.items()})),
        ("incidents", _counted({str(owner): n for owner, n in report.incidents.items()})),
        ("minutes only the safety net answered", f"{report.covered_minutes:g}"),
        ("interruption at the port", f"median {port.p50:g} s, 99 % within {port.p99:g} s, longest {port.max:g} s"),
        (
            "messages heard",
            f"{inbox.records}: decided once {inbox.decided_once}, twice {inbox.decided_twice}, never {inbox.undecided}",
        ),
        ("effects in the world", f"{effects.done}: repeated {effects.repeated}, maybe twice {effects.maybe_twice}"),
        ("programme time", f"{report.from_:%d %b %Y} to {report.until:%d %b %Y} in {report.steps} steps"),
        ("took", _counted({name: f"{seconds:g} s" for name, seconds in report.seconds.items()})),
    ]


def _counted(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
