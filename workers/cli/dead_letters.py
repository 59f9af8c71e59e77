"""Dead letters: what could not be read, decided on or carried out, whom it touches, and what mends it.

`list` groups them by what is wrong; `show` tells all of one letter, or of everybody's whom a word names; `explain` says
what a reason means and what to type next; `dismiss` settles letters whose message is of no account, or was said
otherwise. To take letters up again after a mend, see what would follow first:  naadloos replay what-if
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import uuid4

from events.base import LetterId, SubjectId
from events.codec import UnreadReason
from events.control import LettersDismissed
from workers.cli.acting import account_of, add_acting, not_sent, say
from workers.cli.exits import Exit
from workers.cli.page import few, heading, table
from workers.cli.session import Session, session
from workers.cli.usage import an_id
from workers.journal.letters import Letter, Letters, still_open, together
from workers.replay.originals import originals
from workers.runtime.language import _, doc_, n_
from workers.runtime.letters import Found
from workers.runtime.signs import printable
from workers.views.letters import HELD_BACK, Chosen, Group, chosen, groups, meaning
from workers.views.times import full, moment

SHOWN: Final = 4_000
"""Bytes of a record that are shown unasked."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `dead-letters` with its verbs."""
    noun = subparsers.add_parser(
        "dead-letters",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = noun.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    listing = verbs.add_parser("list", help=_("by what is wrong, with whom it touches"))
    listing.add_argument("--json", action="store_true", help=_("as JSON lines, a letter on each"))
    listing.set_defaults(run=list_)
    show_ = verbs.add_parser("show", help=_("all that is known of some letters, their bytes too"))
    show_.add_argument(
        "which", nargs="+", type=an_id, metavar=_("LETTER"), help=_("inbox/3/1044, or a subject: E-0001")
    )
    show_.add_argument("--whole", action="store_true", help=_("all bytes of a record, however many"))
    show_.set_defaults(run=show)
    explain_ = verbs.add_parser("explain", help=_("what is wrong, what is held back, and what to type"))
    explain_.add_argument(
        "which",
        nargs="+",
        type=an_id,
        metavar=_("LETTER"),
        help=_("inbox/3/1044, a subject: E-0001, or a reason: not_json"),
    )
    explain_.set_defaults(run=explain)
    dismiss_ = verbs.add_parser("dismiss", help=_("settle letters that need no redrive"))
    dismiss_.add_argument(
        "which", nargs="+", type=an_id, metavar=_("LETTER"), help=_("inbox/3/1044, or a subject: E-0001")
    )
    add_acting(dismiss_)
    dismiss_.set_defaults(run=dismiss)


def list_(args: argparse.Namespace) -> int:
    """Show the open letters, grouped."""
    with session() as opened:
        known = opened.catch_up()
        letters = list(still_open(_letters(opened)))
        if args.json:
            for letter in letters:
                print(json.dumps(_as_json(letter)))
            return Exit.DONE
        if not letters:
            print(_("No dead letter is open."))
            return Exit.DONE
        _show_groups(groups(letters, known))
    print()
    print(_("Look closer:  naadloos dead-letters explain {letter}").format(letter=letters[0].id))
    print(_("See what taking them up would do:  naadloos replay what-if"))
    return Exit.DONE


def show(args: argparse.Namespace) -> int:
    """Show every field of these letters, and the record as it was found."""
    with session() as opened:
        known = opened.catch_up()
        letters = _letters(opened)
        mine = _told_clean(chosen(letters.opened, args.which, known, verb="show"))
        touched = {letter.subject for letter in mine}
        mates = [letter for letter in letters.opened.values() if letter.subject in touched]
        found = originals(opened.settings, [letter.id for letter in mates])
    for letter in mine:
        heading(f"{letter.id} · {letter.subject}")
        table(("", ""), _fields(letter, letters, found.get(letter.id), _tries(letter, mates, found)))
        if letter.id in found:
            print(_bytes(found[letter.id], letter, whole=args.whole))
    return Exit.DONE


def _bytes(found: Found, letter: Letter, *, whole: bool) -> str:
    value = found.value or b""
    lines = (value if whole else value[:SHOWN]).decode(errors="backslashreplace").split("\n")
    text = "\n".join(map(printable, lines))
    more = len(value) - SHOWN
    if whole or more <= 0:
        return text
    rest = _("… and {count} bytes more:  naadloos dead-letters show {letter} --whole")
    return text + "\n" + rest.format(count=more, letter=letter.id)


def explain(args: argparse.Namespace) -> int:
    """Say what is wrong in words, and what to type."""
    reasons = [word for word in args.which if word in set(UnreadReason)]
    for reason in reasons:
        heading(reason)
        print(_("Wrong: {what}.").format(what=_(meaning(reason).what)))
        print(_(meaning(reason).mend))
    which = [word for word in args.which if word not in reasons]
    if not which:
        return Exit.DONE
    with session() as opened:
        known = opened.catch_up()
        letters = _letters(opened)
    for letter in _told_clean(chosen(letters.opened, which, known, verb="explain", also=UnreadReason)):
        text = meaning(letter.reason)
        heading(f"{letter.id} · {letter.subject}")
        print(printable(_("Wrong: {what} ({detail}).").format(what=_(text.what), detail=letter.detail)))
        settled = letters.settled.get(letter.id)
        if settled is not None:
            print(printable(_settled(letters, letter)))
            continue
        print(_(HELD_BACK).format(whom=letter.subject))
        print(_(text.mend))
        print(_("What would follow:  naadloos replay what-if --who {who}").format(who=letter.subject))
        print(_("Dismiss it:  naadloos dead-letters dismiss {letter} --why REASON").format(letter=letter.id))
    return Exit.DONE


def dismiss(args: argparse.Namespace) -> int:
    """Settle these letters without taking them up; shown first."""
    with session(says=args.go) as opened:
        known = opened.catch_up()
        letters = _letters(opened)
        named = _told_clean(chosen(letters.opened, args.which, known, verb="dismiss"))
        mine = [letter for letter in named if letter.id not in letters.settled]
        if not mine:
            print(_("None of these is open, so there is nothing to dismiss. Nothing was said."))
            return Exit.DONE
        _show_groups(groups(mine, known))
        print(_("They would hold back nothing more; what they said stays unheard."))
        if any(letter.id.startswith("commands.") for letter in mine):
            print(
                _("What was ordered stays unanswered, and a task of ops. Rather take it up:  naadloos replay what-if")
            )
        if not args.go:
            return not_sent()
        by, act = account_of(args), uuid4().hex[:12]
        facts = [
            (subject, LettersDismissed(letters=ids, act=act, why=args.why, by=by)) for subject, ids in _by_subject(mine)
        ]
        return say(opened, facts, by)


def _told_clean(found: Chosen) -> Sequence[Letter]:
    """The letters; whom none touches is told."""
    for who in found.clean:
        print(_("{who} has no dead letter, so none holds anything back.").format(who=who))
    return found.letters


def _letters(opened: Session) -> Letters:
    return together(fold.letters for fold in opened.folds.values())


def _by_subject(letters: Iterable[Letter]) -> list[tuple[SubjectId, tuple[LetterId, ...]]]:
    by: dict[SubjectId, tuple[LetterId, ...]] = {}
    for letter in letters:
        by[letter.subject] = (*by.get(letter.subject, ()), letter.id)
    return sorted(by.items())


def _show_groups(found: Sequence[Group]) -> None:
    count = sum(len(group.letters) for group in found)
    heading(n_("{number} dead letter is open", "{number} dead letters are open", count))
    rows = [
        (
            len(group.letters), _(meaning(group.reason).what), group.detail, few(group.subjects), few(group.waves),
            few(group.departments), moment(group.first), moment(group.last),
        )
        for group in found
    ]  # fmt: skip
    columns = (
        _("count") + ">", _("wrong"), _("detail"), _("whom it touches"), _("waves"), _("departments"),
        _("first seen"), _("last seen"),
    )  # fmt: skip
    table(columns, rows)


def _fields(letter: Letter, letters: Letters, found: Found | None, tries: int) -> list[tuple[str, object]]:
    headers = ", ".join(name for name, _value in found.headers) if found is not None else ""
    key = (found.key or b"") if found is not None else b""
    return [
        (_("wrong"), f"{_(meaning(letter.reason).what)} ({letter.reason})"),
        (_("detail"), letter.detail),
        (_("stands at"), ", ".join(letter.id.rsplit("/", 2)) if found is not None else _("not there any more")),
        (_("code"), letter.code or "–"),
        (_("seen"), full(letter.at)),
        (_("tries"), tries),
        (_("key"), key.decode(errors="backslashreplace") or "–"),
        (_("headers"), headers or "–"),
        (_("state"), _settled(letters, letter)),
    ]


def _tries(letter: Letter, mates: Iterable[Letter], found: dict[LetterId, Found]) -> int:
    """How often this was tried: letters about the same bytes, or decisions on the subject that raised."""
    if letter.reason == UnreadReason.DECISION_RAISED:
        return sum((one.subject, one.reason) == (letter.subject, letter.reason) for one in mates)
    mine = found.get(letter.id)
    return sum(one.id in found and mine is not None and found[one.id].value == mine.value for one in mates) or 1


def _settled(letters: Letters, letter: Letter) -> str:
    settled = letters.settled.get(letter.id)
    if settled is None:
        return _("open")
    text = _("redriven on {at} by {by}: {why}") if settled.how == "redriven" else _("dismissed on {at} by {by}: {why}")
    return text.format(at=full(settled.at), by=settled.by, why=settled.why)


def _as_json(letter: Letter) -> dict[str, str]:
    return {
        "letter": letter.id,
        "subject": letter.subject,
        "reason": letter.reason,
        "detail": letter.detail,
        "code": letter.code,
        "at": letter.at.isoformat(),
    }
