"""How it stands: who is unreachable now, how far each wave is, who waits for what and on whom, and who has to act.

Ages are by the programme's clock. A line can wait for several things at once and is then counted under each.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import datetime
from typing import Final, TypeVar

from rich.text import Text

from orchestrator.reasons import Reason
from workers.cli.exits import Exit
from workers.cli.page import console, heading, narrow, table
from workers.cli.session import Session, session
from workers.cli.usage import add_looking_back
from workers.runtime.language import _, doc_, n_
from workers.views import board
from workers.views.board import Stage
from workers.views.known import Known
from workers.views.stream import place
from workers.views.times import age, clock_told, day, moment
from workers.views.waits import waiting_list
from workers.views.words import STATES, counterpart, sentence, word

MOST: Final = 10
"""Lines named one by one before "and so many more"."""
NARROW: Final = frozenset({2, 11})
"""Columns of the wave board that a narrow terminal leaves out: when it goes on, and who is in it."""
T = TypeVar("T")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `status`."""
    noun = subparsers.add_parser(
        "status",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "--waiting",
        choices=sorted(map(str, Reason)),
        metavar=_("REASON"),
        help=_("everybody who waits for this, one by one"),
    )
    add_looking_back(noun)
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show all of it."""
    with session(past=args.at, hindsight=args.hindsight) as opened:
        known = opened.catch_up()
        if known.at is None and args.at is not None:
            print(_("Nothing was decided by then in this programme."))
            return Exit.DONE
        if known.at is None:
            print(_("Nothing is decided yet in this programme."))
            print(_("Put people in:  naadloos import FOLDER   Start the workers:  naadloos up"))
            return Exit.DONE
        if args.waiting:
            _everybody(opened, known, Reason(args.waiting))
        else:
            show(opened, known, opened.now(), past=args.at is not None)
    return Exit.DONE


def _everybody(opened: Session, known: Known, reason: Reason) -> None:
    """All who wait for this, the longest first."""
    waits = sorted((wait for wait in opened.waits if wait.reason is reason), key=lambda wait: (wait.since, wait.who))
    heading(f"{len(waits)}: {sentence(reason)}")
    now, rows = opened.now(), []
    for wait in waits:
        at = place(wait.subject, wait.line, known.states.get(wait.subject))
        until = moment(wait.until) if wait.until else "–"
        rows.append((wait.who, age(now - wait.since), until, at.wave or "–", at.department or "–"))
    table((_("who"), _("waits") + ">", _("until"), _("wave"), _("department")), rows)


def show(opened: Session, known: Known, now: datetime, *, past: bool = False) -> None:
    """The whole page, by the programme's clock at `now`."""
    _head(known, now, past=past)
    _reach(known, now)
    _waves(known, now)
    _waiting(opened, now)
    _tasks(known, now)


def _head(known: Known, now: datetime, *, past: bool) -> None:
    programme = known.programme()
    if programme is not None and programme.opened is not None:
        left = programme.opened.contract_ends - now
        ends = _("contract ends {day}, in {left}").format(day=day(programme.opened.contract_ends), left=age(left))
        heading(f"{programme.opened.title} · {ends}")
    print(clock_told(now, past=past))


def _reach(known: Known, now: datetime) -> None:
    unreachable, open_ = known.unreachable(), board.incidents(known)
    count = Text(_("Unreachable now, by what we know: {count}").format(count=len(unreachable)))
    count.stylize("bold red" if unreachable else "bold green")
    console().print()
    console().print(count)
    for line in unreachable[:MOST]:
        print(_("  {line}   naadloos explain {subject}").format(line=line.id, subject=line.id.rsplit("-", 1)[0]))
    if open_:
        print(n_("{number} open incident", "{number} open incidents", len(open_)))
        for item in open_[:MOST]:
            print(f"  {item.line}  {word(item.kind)}, {age(now - item.at)}")


def _waves(known: Known, now: datetime) -> None:
    totals, waves = board.totals(known), board.board(known, now=now)
    heading(_("{lines} lines").format(lines=sum(totals.values())))
    columns: tuple[str, ...] = (
        _("wave"), _("state"), _("next cut-over"), _("lines") + ">", _("planned") + ">", _("kit") + ">",
        _("ready") + ">", _("ported") + ">", _("done") + ">", _("ended") + ">", _("held") + ">", _("who"),
    )  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (
            row.wave, _(STATES[row.state]), moment(row.first) if row.first else "–", row.lines, *_counts(row.stages),
            row.held or "–", row.title,
        )
        for row in waves
    ]  # fmt: skip
    waveless = totals - sum((row.stages for row in waves), Counter())
    if waveless.total():
        rows.append(("–", _("no wave"), "–", waveless.total(), *_counts(waveless), "–", ""))
    rows.append((_("all"), "", "", totals.total(), *_counts(totals), board.held_lines(known) or "–", ""))
    if narrow():  # whose wave it is, and when it goes on, is told by `naadloos wave`
        columns, rows = _without(columns, NARROW), [_without(row, NARROW) for row in rows]
    table(columns, rows)


def _without(cells: tuple[T, ...], places: frozenset[int]) -> tuple[T, ...]:
    return tuple(cell for place, cell in enumerate(cells) if place not in places)


def _counts(stages: Counter[Stage]) -> list[object]:
    return [stages[stage] or "–" for stage in Stage]


def _waiting(opened: Session, now: datetime) -> None:
    groups = waiting_list(opened.waits)
    if not groups:
        return
    heading(_("Who waits, for what, on whom"))
    rows = [
        (
            len(group.waits), sentence(group.reason), counterpart(group.oldest.on),
            age(now - group.oldest.since), group.oldest.who, group.reason,
        )
        for group in groups
    ]  # fmt: skip
    table((_("count") + ">", _("because"), _("on"), _("longest"), _("which"), _("reason")), rows)
    print(_("All of one row:  naadloos status --waiting REASON"))


def _tasks(known: Known, now: datetime) -> None:
    tasks = board.by_role(board.open_tasks(known))
    if not tasks:
        return
    heading(_("What people have to do"))
    rows = []
    for role, items in tasks.items():
        for kind, count in Counter(item.kind for item in items).most_common():
            oldest = next(item for item in items if item.kind is kind)
            rows.append((count, word(role), word(kind), age(now - oldest.task.opened_at), oldest.line))
    table((_("count") + ">", _("who"), _("what"), _("longest"), _("which")), rows)
