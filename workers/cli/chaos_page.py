"""What `naadloos chaos` shows: each strike and how far it is while it runs, and in the end what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from workers.cli.page import few, show
from workers.runtime.figures import figure
from workers.runtime.language import _, n_

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from workers.chaos.report import ChaosReport, Struck
    from workers.chaos.strikes import Strike
    from workers.rehearsal.run import Rehearsal

EVERY: Final = 10.0
"""Seconds between two lines of progress."""
MOST: Final = 20
"""Lines of what was found, before "and so many more"."""


class Page:
    """What is told while it runs: each strike, how far it is now and then, and what was found of each rehearsal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._at = 0.0
        self._phase = ""

    def tell(self, strike: Strike) -> None:
        """One strike."""
        self._say(f"  {strike.number:>5}  {text_of(strike)}")

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
        for why in _cut(part.wrong):
            self._say(f"    {why}")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
        sys.stdout.flush()


def text_of(strike: Strike) -> str:
    """The strike, in words."""
    from workers.chaos.strikes import TEXTS

    return _(TEXTS[strike.kind]).format(whom=_(strike.whom), seconds=figure(strike.seconds), count=strike.count)


def print_report(report: ChaosReport, *, left: Path | None) -> None:
    """What came of it, and where what it left can be looked at, if it was run just now."""
    from rich.table import Table
    from rich.text import Text

    promise = _("Every promise was kept.") if report.kept else _("A promise was broken.")
    verdict = Text(promise, style="bold green" if report.kept else "bold red")
    table = Table(box=None, show_header=False, padding=(0, 2))
    for name, value in _rows(report):
        table.add_row(name, value)
    found = [Text(why, style="red") for why in _cut((*report.broken, *report.wrong))]
    show(Text(""), verdict, Text(""), table, *found)
    if left is not None:
        print(_("Kafka's data, the world and the logs were left as they are. Look:  ls {folder}").format(folder=left))


def _cut(found: Sequence[str]) -> list[str]:
    more = len(found) - MOST
    return [*found[:MOST], *([_("  … and {count} more").format(count=more)] if more > 0 else ())]


def _rows(report: ChaosReport) -> list[tuple[str, str]]:
    from workers.views.words import word

    effects = report.effects
    done = _("{done}: repeated {repeated}, missing {missing}, maybe twice {maybe}")
    heard = _(
        "{records}: lost {lost}, decided twice {doubled}; heard before {before}, late writers passed over {ignored}"
    )
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
                before=report.duplicates,
                ignored=report.ignored,
            ),
        ),
        (_("messages said again on purpose"), str(report.said_again)),
        (
            _("effects in the world"),
            done.format(
                done=effects.done, repeated=effects.repeated, missing=effects.missing, maybe=effects.maybe_twice
            ),
        ),
        (_("minutes unreachable"), _counted({word(who): figure(m) for who, m in report.gap_minutes.items()})),
        (_("times left in peace, since nothing was decided"), str(report.left_in_peace)),
        (_("owed of the first round, and never fallen"), few(report.owed)),
        (_("rehearsals held against an undisturbed one"), str(report.compared)),
    ]


def _counted(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or _("none")
