"""Read a folder with people, lines, duty rosters and kits, and put them into the programme.

Without --go it reads everything and shows what it found: how many of each, what it repaired, and every fault with its
file, row and column. Nothing is taken over until all faults are mended. Importing twice says the same messages again,
which are known as such: nothing becomes double. What is known otherwise by then, of a person, a line, a duty roster or
the programme, becomes what the file says; a mandate that was taken back stays so.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from events.envelope import Said
from events.registry import AnyFact
from workers.cli.acting import account_of, add_acting, not_sent
from workers.cli.exits import Exit
from workers.cli.page import heading, table
from workers.cli.session import session
from workers.imports.facts import facts_of, people_of
from workers.imports.ids import said_again_id
from workers.imports.reader import Imported, read_roster
from workers.journal.fold import Fold, mark
from workers.runtime.language import _, doc_, n_
from workers.views.known import Known
from workers.views.otherwise import known_otherwise
from workers.views.times import day
from workers.views.words import word

MOST: int = 20
"""Notices shown without --all."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `import`."""
    noun = subparsers.add_parser(
        "import",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "folder", type=Path, metavar=_("FOLDER"), help=_("with programme.csv, employees.csv, lines.csv …")
    )
    noun.add_argument("--all", action="store_true", help=_("show every notice"))
    add_acting(noun, why="never")
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show what the folder holds; with --go, say it."""
    imported = read_roster(args.folder)
    _show(imported, every=args.all)
    if not args.go:
        return not_sent()
    by = account_of(args)
    with session(begins=True, says=True) as opened:
        known, at, programme = opened.catch_up(), opened.now(), opened.settings.programme
        facts = [
            _meant(said, known, opened.folds.values())
            for said in facts_of(imported.roster, at=at, programme=programme, with_announcements=True)
        ]
        people = people_of(imported.roster, at=at, programme=programme)
        inbox = opened.inbox()
        inbox.make_known(people)
        inbox.say_all(said._replace(actor=by) for said in facts)
    print(_("{facts} facts said, {people} people made known.").format(facts=len(facts), people=len(people)))
    print(_("Next, see the plan:  naadloos plan"))
    return Exit.DONE


def _meant(said: Said[AnyFact], known: Known, folds: Iterable[Fold]) -> Said[AnyFact]:
    """The fact; as another message where it was heard before and something else since, or it passed for a copy."""
    heard = any(mark(said) in fold.seen for fold in folds)
    if heard and known_otherwise(known, said.subject, said.message):
        return said._replace(id=said_again_id(said.id, at=said.recorded))
    return said


def _show(imported: Imported, *, every: bool) -> None:
    roster = imported.roster
    heading(f"{roster.title} · {_('contract ends {day}').format(day=day(roster.contract_ends))}")
    kinds = Counter(word(line.kind) for line in roster.lines)
    rows = [
        (len(roster.employees), _("employees"), _departments(imported)),
        (len(roster.lines), _("lines"), ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())),
        (sum(line.critical is not None for line in roster.lines), _("critical lines"), ""),
        (sum(line.born_new for line in roster.lines), _("at the new provider from the start"), ""),
        (sum(line.ports and not line.mandate for line in roster.lines), _("without a mandate"), ""),
        (len(roster.duty_rosters), _("duty rosters"), ""),
        (len(roster.kits), _("kits in stock"), ""),
        (len(roster.absences), _("absences"), ""),
        (len(roster.leavers), _("leavers"), ""),
    ]
    table((">", "", ""), rows)
    shown = imported.notices if every else imported.notices[:MOST]
    if shown:
        heading(n_("{number} cell was repaired", "{number} cells were repaired", len(imported.notices)))
        for notice in shown:
            print(f"  {notice}")
    if len(shown) < len(imported.notices):
        print(_("  … and {count} more; see them with --all").format(count=len(imported.notices) - len(shown)))
    print()


def _departments(imported: Imported) -> str:
    return n_(
        "in {number} department", "in {number} departments", len({who.department for who in imported.roster.employees})
    )
