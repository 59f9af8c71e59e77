"""Explain one person, shared number, or line: what is known, what it waits for, on whom, and what would change it.

After that comes the history, newest last, with both times of each fact: when it was true, and when we knew. Behind what
was set right stands who did, and why.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from datetime import datetime

from rich.text import Text

from events.base import LineId, SubjectId, subject_of
from events.control import ActBegun
from orchestrator.record import Holder
from workers.cli.acting import SOURCE
from workers.cli.exits import Exit
from workers.cli.page import console, heading, table
from workers.cli.session import Session, session
from workers.cli.usage import add_looking_back, an_id
from workers.journal.past import Past
from workers.journal.record import Entry
from workers.runtime.language import _, doc_
from workers.runtime.signs import printable
from workers.runtime.unable import UnableToUnderstandError
from workers.views.explaining import Explained, about, circumstances, explained
from workers.views.named import holder_of
from workers.views.stream import follows, heard, reasons, where
from workers.views.times import another_year, clock_told, exact, full

INDENT = 46
"""Columns before what was heard."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `explain`."""
    noun = subparsers.add_parser(
        "explain",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    noun.add_argument(
        "who", type=an_id, metavar=_("WHO"), help=_("employee E-0001, shared number S-0001, or line E-0001-1")
    )
    noun.add_argument("--short", action="store_true", help=_("without the history"))
    add_looking_back(noun)
    noun.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show it."""
    subject = _subject(args.who)
    history: list[Entry] = []

    def keep(_partition: int, entry: Entry) -> None:
        if entry.subject == subject:
            history.append(entry)

    with session(only=subject, past=args.at, hindsight=args.hindsight) as opened:
        known = opened.catch_up(keep)
        later = [one for fold in opened.folds.values() if isinstance(fold, Past) for one in fold.later]
        try:
            holder = holder_of(known, args.who, by=opened.past)
        except UnableToUnderstandError:
            holder = _meant(args)
        now = opened.now()
        _show(opened, holder, now, only=args.who if args.who in holder.lines else "")
    later = [entry for entry in later if entry.subject == subject]
    acts = _acts([*history, *later], known.programme_id)
    if not args.short:
        _show_history(history, holder, acts, now, only=args.who if args.who in holder.lines else "")
    _show_later(later, holder, acts, now)
    return Exit.DONE


def _acts(history: Iterable[Entry], programme: SubjectId) -> dict[str, ActBegun]:
    """The acts of ops for which any of this was said, by the id of their first message, which the programme heard."""
    wanted = {entry.heard.causation for entry in history if entry.heard and entry.heard.source == SOURCE} - {""}
    acts: dict[str, ActBegun] = {}

    def keep(_partition: int, entry: Entry) -> None:
        if entry.heard and entry.heard.id in wanted and isinstance(entry.heard.message, ActBegun):
            acts[entry.heard.id] = entry.heard.message

    if wanted:
        with session(only=programme, again=True) as opened:
            opened.catch_up(keep)
    return acts


def _heard(entry: Entry, acts: Mapping[str, ActBegun]) -> str:
    """What was heard, and who had it said and why, where the fact itself does not tell."""
    said, text = entry.heard, heard(entry)
    if said is None or said.source != SOURCE or hasattr(said.message, "why"):
        return text
    if act := acts.get(said.causation):
        return printable(_("{heard} (corrected by {by}: {why})").format(heard=text, by=act.by, why=act.why))
    return text if hasattr(said.message, "by") else _("{heard} (said by {by})").format(heard=text, by=said.actor)


def _meant(args: argparse.Namespace) -> Holder:
    """Raises `UnableToUnderstandError`, which names who of the whole programme may be meant."""
    with session(past=args.at, hindsight=args.hindsight, again=True) as opened:
        return holder_of(opened.catch_up(), args.who, by=opened.past)


def _subject(who: str) -> SubjectId:
    """The subject that these words name: a line's id is its subject's with a number behind it."""
    return subject_of(LineId(who)) if who.count("-") > 1 else SubjectId(who)


def _show(opened: Session, holder: Holder, now: datetime, *, only: str) -> None:
    heading(f"{holder.id} · {about(holder)}")
    print(clock_told(now, past=opened.past is not None))
    for name, fact in circumstances(holder, now):
        print(f"{name}: {fact}")
    for name, line in sorted(holder.lines.items()):
        if only in {"", name}:
            _show_line(explained(line, opened.waits.of(holder.id, name), now=now))
    look = opened.known().looks.get(holder.id)
    print()
    if look is not None:
        print(_("Looked at again on {at}, or as soon as something new is heard.").format(at=full(look)))
    else:
        print(_("Looked at again as soon as something new is heard."))


def _show_line(line: Explained) -> None:
    heading(f"{line.line} · {line.what}")
    for awaited in line.awaited:
        if not awaited.on:
            console().print(Text(_("  stands: {why}").format(why=awaited.why), style="bold green"))
            continue
        console().print(Text(_("  waits: {why}").format(why=awaited.why), style="bold yellow"))
        change = _("what would change it: {change}").format(change=awaited.change)
        details = (_("on {who}").format(who=awaited.on), awaited.since, awaited.until, change)
        print("         " + " · ".join(detail for detail in details if detail))
    table(("", ""), [(f"  {name}", fact) for name, fact in line.known])


def _when(entry: Entry, *, year: bool) -> str:
    """When it was true, and when we knew."""
    true = exact(entry.heard.time, year=year) if entry.heard else "?"
    return f"{true}  {exact(entry.at, year=year)}"


def _of_another_year(entries: Iterable[Entry], now: datetime) -> bool:
    """Whether the year has to be shown; then with all, so that they stay below each other."""
    return another_year((at for one in entries for at in (one.at, *([one.heard.time] if one.heard else ()))), now)


def _show_later(later: list[Entry], holder: Holder, acts: Mapping[str, ActBegun], now: datetime) -> None:
    """What was true by the moment looked back to, and learned after it."""
    if not later:
        return
    heading(_("Learned later, and true by then: when it was true, when we knew, what was heard"))
    year = _of_another_year(later, now)
    for entry in later:
        place = where(entry, holder)
        print(f"{_when(entry, year=year)}  {place.line or entry.subject:<10}  {_heard(entry, acts)}")


def _show_history(
    history: list[Entry], holder: Holder, acts: Mapping[str, ActBegun], now: datetime, *, only: str
) -> None:
    heading(_("History: when it was true, when we knew, what was heard → why it is so ⇒ what follows"))
    before: list[str] = []
    year = _of_another_year(history, now)
    indent = INDENT + 2 * len(" 2027") * year
    for entry in history:
        place = where(entry, holder)
        if only and place.line not in {None, only}:
            continue
        why = reasons(entry, place)
        print(f"{_when(entry, year=year)}  {place.line or entry.subject:<10}  {_heard(entry, acts)}")
        for text in () if why == before else why:
            print(f"{'':{indent}}→ {text}")
        for act in follows(entry):
            print(f"{'':{indent}}⇒ {act}")
        before = why
