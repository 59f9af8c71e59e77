"""Hold a person or line, release it, or waive one condition of its gate. Shown first, said with --go."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from events.base import LineId
from events.control import Waivable
from events.registry import AnyFact
from workers.cli.acting import account_of, add_acting, not_sent, say
from workers.cli.foreseen import check_foreseen
from workers.cli.session import Session, session
from workers.cli.usage import an_id
from workers.runtime.language import _, marked
from workers.runtime.signs import printable
from workers.views.known import Known
from workers.views.named import holder_of
from workers.views.steering import hold, hold_told, holds_of, release, waive, waive_told

_Order = Callable[[argparse.Namespace, Known], tuple[list[str], AnyFact]]

HOLD = marked("Nothing irreversible happens for this person or line until it is released; kits and answers go on.")
RELEASE = marked("Lift the holds of this person or line; everything is then decided anew on today's facts.")
WAIVE = marked(
    "Let a line move without one condition of its gate. That it is proved to work can never be waived; "
    "it takes two persons, each with an account of their own."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `hold`, `release` and `waive`."""
    _add(subparsers, "hold", _(HOLD), _hold)
    _add(subparsers, "release", _(RELEASE), _release)
    noun = _add(subparsers, "waive", _(WAIVE), _waive)
    one_of = ", ".join(Waivable)
    noun.add_argument("condition", metavar=_("CONDITION"), help=_("one of: {words}").format(words=one_of))


def _add(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], name: str, about: str, order: _Order
) -> argparse.ArgumentParser:
    noun = subparsers.add_parser(name, description=about)
    noun.add_argument(
        "who", type=an_id, metavar=_("WHO"), help=_("employee E-0001, shared number S-0001, or line E-0001-1")
    )
    add_acting(noun)
    noun.set_defaults(run=run, order=order)
    return noun


def run(args: argparse.Namespace) -> int:
    """Show what the order does; with --go, say it and tell what is then decided."""
    with session(says=args.go) as opened:
        return _act(args, opened)


def _act(args: argparse.Namespace, opened: Session) -> int:
    known = opened.catch_up()
    told, fact = args.order(args, known)
    acts = [(holder_of(known, args.who).id, fact)]
    check_foreseen(opened, acts)
    for line in told:
        print(printable(line))
    return say(opened, acts, account_of(args)) if args.go else not_sent()


def _hold(args: argparse.Namespace, known: Known) -> tuple[list[str], AnyFact]:
    holder = holder_of(known, args.who)
    return hold_told(holder, args.who), hold(holder, args.who, why=args.why, by=account_of(args))


def _release(args: argparse.Namespace, known: Known) -> tuple[list[str], AnyFact]:
    holder = holder_of(known, args.who)
    fact = release(holder, args.who, why=args.why, by=account_of(args))
    return holds_of(holder, args.who), fact


def _waive(args: argparse.Namespace, known: Known) -> tuple[list[str], AnyFact]:
    holder = holder_of(known, args.who)
    fact = waive(holder, args.who, args.condition, why=args.why, by=account_of(args))
    return waive_told(holder.lines[LineId(args.who)], fact), fact
