"""Acting for a person: whose account, shown first and said with --go, and what was then decided."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import uuid4

from events.base import Account, SubjectId
from events.control import ActBegun, ActEnded
from events.envelope import Said
from events.registry import AnyFact
from workers.cli.exits import Exit
from workers.cli.session import Session
from workers.journal.awaiting import wait_decided
from workers.journal.record import Entry
from workers.runtime.language import _, n_
from workers.runtime.unable import UnableToUnderstandError
from workers.views.stream import follows, heard, reasons, where

SOURCE: Final = "/naadloos/cli"
NOBODY: Final = "nobody"
LONGEST: Final = 60
ACCOUNT: Final = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{LONGEST - 1}}}")
SECONDS: Final = 15.0
"""How long a command waits for its decision. What it said stands, whether or not it was decided by then."""


Why = Literal["always", "to-go", "never"]
"""When a reason has to be given: also to be shown what would follow, to do it (`reason_of`), or not at all."""


def add_acting(parser: argparse.ArgumentParser, *, why: Why = "always") -> None:
    """Add what every acting command takes: --go, --as and, where a reason is asked, --why."""
    text = _("why; it stands in the history")
    if why == "always":
        parser.add_argument("--why", required=True, type=stated, metavar=_("REASON"), help=text)
    elif why == "to-go":
        parser.add_argument("--why", default="", metavar=_("REASON"), help=text)
    parser.add_argument("--go", action="store_true", help=_("do it; without this, it is only shown"))
    parser.add_argument(
        "--as", dest="account", metavar=_("ACCOUNT"), help=_("the account that acts (else $NAADLOOS_ACCOUNT)")
    )


def stated(text: str) -> str:
    """A reason, as the `type` of an argument."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("give a reason in words"))
    return text.strip()


def account_of(args: argparse.Namespace) -> Account:
    """The account that acts; while it is only shown, nobody need be named. Raises `UnableToUnderstandError`."""
    account = (args.account or os.environ.get("NAADLOOS_ACCOUNT", "")).strip().casefold()
    if account and not ACCOUNT.fullmatch(account):
        raise UnableToUnderstandError(
            _(
                "Not done: an account is at most {longest} letters a to z, figures, dots, dashes and underscores, and "
                "begins with a letter or figure: no mail address and no space. Nothing was said."
            ).format(longest=LONGEST)
            + "\n"
            + _("Name an id such as ops-1, and nobody's name, since it stands in the history for ever:  --as ACCOUNT")
        )
    if account or not args.go:
        return Account(account or NOBODY)
    raise UnableToUnderstandError(
        _("Not done: no account is given, and who orders something must be known. Nothing was said.")
        + "\n"
        + _("Name yours:  --as ACCOUNT   or once:  export NAADLOOS_ACCOUNT=ACCOUNT")
    )


def reason_of(args: argparse.Namespace) -> str:
    """The reason that is given; while it is only shown, none need be. Raises `UnableToUnderstandError`."""
    why: str = args.why.strip()
    if why or not args.go:
        return why
    raise UnableToUnderstandError(
        _("Not done: no reason is given, and it stands in the history. Nothing was changed.")
        + "\n"
        + _("Give one:  --why REASON")
    )


def not_sent() -> int:
    """Tell that it was only shown."""
    print(_("Nothing was said. Add --go to do it."))
    return Exit.DONE


def confirmed(count: int, what: str, *, yes: int | None) -> bool:
    """Whether somebody typed the head-count back, or gave it with --yes."""
    if yes is not None:
        right = yes == count
    elif sys.stdin.isatty():
        right = input(_("Type {count} to {what}: ").format(count=count, what=what)).strip() == str(count)
    else:
        print(_("There is nobody to ask here. Give the head-count along:  --yes {count}").format(count=count))
        return False
    if not right:
        print(_("That is not {count}. Nothing was said.").format(count=count))
    return right


@contextmanager
def act_of_ops(session: Session, kind: str, what: str, *, why: str, by: Account) -> Iterator[Tally]:
    """An act on the system itself: that it began, and with what counts it ended, is said to the programme.

    It is said and not waited for: the act may be about workers that do not run.
    """
    act = uuid4().hex[:12]
    tally = Tally(_note(session, ActBegun(act=act, kind=kind, what=what, why=why, by=by), by).id)
    try:
        yield tally
    except BaseException:
        _note(session, tally.ended(act, by, stopped=True), by)
        raise
    _note(session, tally.ended(act, by, stopped=False), by)


@dataclass
class Tally:
    """What came of an act so far, and the id of the message with which it began."""

    begun: str
    done: int = 0
    failed: int = 0
    undecided: int = 0

    def ended(self, act: str, by: Account, *, stopped: bool) -> ActEnded:
        """What is said of it at its end."""
        return ActEnded(act=act, done=self.done, failed=self.failed, undecided=self.undecided, stopped=stopped, by=by)


def _note(session: Session, fact: ActBegun | ActEnded, by: Account) -> Said[AnyFact]:
    inbox = session.inbox()
    said = inbox.say(SubjectId(f"P-{session.settings.programme}"), fact, at=session.now(), actor=by, source=SOURCE)
    inbox.flush()
    return said


def say(
    session: Session,
    facts: Sequence[tuple[SubjectId, AnyFact]],
    by: Account,
    *,
    true_at: datetime | None = None,
    cause: str = "",
) -> int:
    """Say these facts, wait until they are decided, and tell what follows. They are true now, or since `true_at`.

    `cause` is the id of the message for whose sake they are said.
    """
    inbox, now = session.inbox(), session.now()
    at = true_at or now
    saids = [
        inbox.say(subject, fact, at=at, actor=by, source=SOURCE, recorded=now, cause=cause) for subject, fact in facts
    ]
    inbox.flush()
    entries = wait_decided(session, saids, seconds=SECONDS)
    for entry in entries.values():
        _show(session, entry)
    if undecided := len(saids) - len(entries):
        print(_undecided(undecided), file=sys.stderr)
        return Exit.UNAVAILABLE
    return Exit.FAILED if any(entry.unread is not None for entry in entries.values()) else Exit.DONE


def _show(session: Session, entry: Entry) -> None:
    place = where(entry, session.known().states.get(entry.subject))
    print(f"{place.line or entry.subject}  {heard(entry)}")
    for why in reasons(entry, place):
        print(f"  → {why}")
    for act in follows(entry):
        print(f"  ⇒ {act}")


def _undecided(number: int) -> str:
    told = n_(
        "{number} message is said and kept, but not decided yet.",
        "{number} messages are said and kept, but not decided yet.",
        number,
    )
    wait = _("Do not give the command again: what is said is decided as soon as a decider runs.")
    return told + " " + wait + "\n" + _("Is a decider running?  naadloos ps   Start the workers:  naadloos up")
