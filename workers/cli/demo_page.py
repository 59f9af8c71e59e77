"""How far a rehearsal is, and how it ended, as a person looks on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from events.outcomes import EndReason, Owner
from workers.rehearsal.report import Report
from workers.rehearsal.run import Rehearsal
from workers.runtime.figures import figure
from workers.runtime.language import _, n_
from workers.views.times import day, moment
from workers.views.words import word

WIDTH: Final = 28
"""Characters of a bar."""


def one_line(now: Rehearsal) -> str:
    """How far it is, in one line."""
    if now.phase != "migration" or not now.progress:
        return _("{part} …").format(part=_(now.phase))
    counts = _("moved {moved:>5}  over {over:>5} of {lines}  tasks {tasks:>4}  unreachable now {unreachable}").format(
        moved=len(now.tally.reached["number moved"]),
        over=len(now.tally.done) + len(now.tally.ended),
        lines=len(now.tally.reached["enrolled"]),
        tasks=len(now.tally.tasks),
        unreachable=now.watch.unreachable(),
    )
    return f"{_clock(now)}  {counts}"


def _clock(now: Rehearsal) -> str:
    return moment(datetime.fromisoformat(now.progress["now"]))


def picture(now: Rehearsal) -> Group:
    """How far it is, as a picture that is redrawn."""
    people = n_("{number} employee", "{number} employees", len(now.roster.employees))
    title = Text.assemble(("Naadloos", "bold"), f"  {now.roster.title}: {people}")
    if now.phase != "migration" or not now.progress:
        return Group(title, Text(one_line(now), style="dim"))
    table = Table(box=None, show_header=False, padding=(0, 1))
    lines = max(1, len(now.tally.reached["enrolled"]))
    for phase, reached in now.tally.reached.items():
        table.add_row(_(phase), _bar(len(reached), lines), f"{len(reached):>6}")
    over = len(now.tally.done) + len(now.tally.ended)
    table.add_row(_("done"), _bar(over, lines), f"{over:>6}")
    return Group(title, _moment(now), table)


def _moment(now: Rehearsal) -> Text:
    unreachable = now.watch.unreachable()
    others = (
        _("caught by the safety net: {count}").format(count=now.watch.covered()),
        _("moving: {count}").format(count=now.watch.moving()),
        _("open tasks: {count}").format(count=len(now.tally.tasks)),
        _("decided: {count}").format(count=now.tally.records),
    )
    return Text.assemble(
        (_clock(now), "cyan"),
        f"   {_('unreachable now:')} ",
        (str(unreachable), "bold green" if unreachable == 0 else "bold red"),
        *(f"   {other}" for other in others),
    )


def _bar(part: int, whole: int) -> Text:
    full = round(WIDTH * min(part, whole) / whole)
    return Text("█" * full, style="green") + Text("·" * (WIDTH - full), style="dim")


def summary(report: Report, rehearsal: Rehearsal) -> Group:
    """The end of it, in words and numbers."""
    ours = report.gap_minutes[Owner.OURS]
    broken = _("{minutes} minutes unreachable by our doing.").format(minutes=figure(ours))
    promise = broken if ours else _("Nobody was unreachable because of the move.")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in _rows(report):
        table.add_row(name, value)
    return Group(
        Text(""),
        Text(promise, style="bold green" if report.kept else "bold red"),
        Text(""),
        table,
        Text(""),
        Text(_("Look around:  naadloos status    naadloos explain E-0001")),
        Text(_("What happened last:  naadloos watch --for 1 --since {day}").format(day=_last_days(report))),
        Text(_("What was true in the world: {file}").format(file=rehearsal.truth)),
        Text(_("Mail that was written: {folder}").format(folder=rehearsal.folder / "outbox")),
        Text(_("Kafka still runs, so that you can. Stop it:  naadloos kafka stop")),
    )


def _last_days(report: Report) -> str:
    return f"{report.until - timedelta(days=7):%Y-%m-%d}"


def _rows(report: Report) -> list[tuple[str, str]]:
    """What came of it, then what it cost."""
    return [
        (_("employees, lines"), f"{report.employees}, {report.lines}"),
        (_("moved and done"), str(report.done)),
        (_("ended without a move"), _counted({word(EndReason(why)): count for why, count in report.ended.items()})),
        (_("held, each a named person's task"), _counted(report.held)),
        (_("minutes unreachable"), _counted({word(who): figure(m) for who, m in report.gap_minutes.items()})),
        (_("incidents"), _counted({word(who): count for who, count in report.incidents.items()})),
        (_("minutes only the safety net answered"), figure(report.covered_minutes)),
        *_costs(report),
        (_("took"), _counted({_(name): f"{figure(seconds)} s" for name, seconds in report.seconds.items()})),
    ]


def _costs(report: Report) -> list[tuple[str, str]]:
    port, inbox, effects = report.port_interruption_seconds, report.inbox, report.effects
    interruption = _("median {median} s, 99 % within {most} s, longest {longest} s")
    heard = _("{records}: decided once {once}, twice {twice}, never {never}")
    done = _("{done}: repeated {repeated}, maybe twice {maybe}")
    passed = _("{since} to {until} in {steps} steps")
    return [
        (
            _("interruption at the port"),
            interruption.format(median=figure(port.p50), most=figure(port.p99), longest=figure(port.max)),
        ),
        (
            _("messages heard"),
            heard.format(
                records=inbox.records, once=inbox.decided_once, twice=inbox.decided_twice, never=inbox.undecided
            ),
        ),
        (
            _("effects in the world"),
            done.format(done=effects.done, repeated=effects.repeated, maybe=effects.maybe_twice),
        ),
        (
            _("programme time"),
            passed.format(since=day(report.from_), until=day(report.until), steps=report.steps),
        ),
    ]


def _counted(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or _("none")
