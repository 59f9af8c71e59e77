"""Start, pause or stop a wave, or give it more slots.

A started wave sends its kits and asks its ports at once; nothing irreversible happens before a line's slot, and then
only through the gate. A paused wave carries no port out; kits and answers go on. A stopped wave is over: its remaining
lines are to be planned anew. The order shows the head-count and who is not ready, and with --go asks to type the
head-count back (or takes it with --yes). More slots go to the lines that wait for one, at the wave's next round.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime, time
from typing import Final

from events.base import Account, SubjectId
from events.planning import SlotsAdded, WavePaused, WaveStarted, WaveStopped
from orchestrator.planning import MORE_DAYS, MORE_FROM, more_slots
from orchestrator.shared.wave import Wave
from workers.cli.acting import account_of, add_acting, confirmed, not_sent, say
from workers.cli.exits import Exit
from workers.cli.foreseen import check_foreseen
from workers.cli.page import heading, loud, table
from workers.cli.session import session
from workers.cli.usage import an_id, calendar_day, whole_number
from workers.runtime.language import _, doc_, marked, n_
from workers.runtime.unable import UnableToUnderstandError
from workers.views.known import Known
from workers.views.readiness import Crew, crew, wave_of
from workers.views.times import day, full, moment
from workers.views.words import STATES, change, sentence

MOST: Final = 15
"""Lines that are not ready, shown before "and so many more"."""
MOST_DAYS: Final = 60
_Fact = WaveStarted | WavePaused | WaveStopped
_VERBS: Final[dict[str, tuple[str, str, Callable[[Account, str], _Fact]]]] = {
    "start": ("running", marked("set it going"), lambda by, why: WaveStarted(by=by, why=why)),
    "pause": ("paused", marked("carry nothing irreversible out for now"), lambda by, why: WavePaused(by=by, why=why)),
    "stop": (
        "stopped",
        marked("end it; its lines are planned anew"),
        lambda by, why: WaveStopped(by=by, why=why),
    ),
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `wave` with its verbs."""
    noun = subparsers.add_parser(
        "wave",
        description=doc_(__doc__),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = noun.add_subparsers(title=_("verbs"), metavar=_("VERB"), required=True)
    for name, (_state, text, _fact) in _VERBS.items():
        verb = verbs.add_parser(name, help=_(text), description=_(text))
        verb.add_argument("wave", type=an_id, metavar=_("WAVE"), help=_("which, as W-03"))
        verb.add_argument(
            "--yes", type=whole_number(0), metavar=_("COUNT"), help=_("the head-count, instead of typing it back")
        )
        add_acting(verb)
        verb.set_defaults(run=run, verb=name)
    _add_slots(verbs)


def _add_slots(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = _("give it more slots: the planned hours of so many working days")
    verb = verbs.add_parser("slots", help=text, description=text)
    verb.add_argument("wave", type=an_id, metavar=_("WAVE"), help=_("which, as W-03"))
    text, counted = _("how many working days (10)"), whole_number(1, MOST_DAYS)
    verb.add_argument("--days", type=counted, default=MORE_DAYS, metavar=_("DAYS"), help=text)
    verb.add_argument(
        "--from", dest="since", type=calendar_day, metavar=_("DATE"), help=_("the first day (else in 4 days)")
    )
    add_acting(verb)
    verb.set_defaults(run=run_slots)


def run(args: argparse.Namespace) -> int:
    """Show whom the order touches; with --go and the right head-count, say it."""
    _state, _text, fact = _VERBS[args.verb]
    with session(says=args.go) as opened:
        known = opened.catch_up()
        wave = _wave(known, args.wave)
        seen = crew(known, wave, now=opened.now())
        _show(seen, args.verb)
        if needless := _needless(seen, args.verb):
            if not opened.awaits(wave.id):
                print(needless + " " + _("Nothing was said."))
                return Exit.DONE
            print(needless + " " + _("But what was said since is not decided yet, and may change that."))
        check_foreseen(opened, [(wave.id, fact(account_of(args), args.why))])
        if not args.go:
            return not_sent()
        by = account_of(args)
        what = f"naadloos wave {args.verb} {wave.id}"
        if not confirmed(len(seen.lines), what, yes=args.yes):
            return Exit.NOT_CONFIRMED
        return say(opened, [(wave.id, fact(by, args.why))], by)


def _needless(seen: Crew, verb: str) -> str:
    """Why the order would change nothing; empty where it would."""
    target, *_others = _VERBS[verb]
    if seen.wave.state == target:
        return _("It is {state} already, so nothing would change.").format(state=_(STATES[target]))
    if not seen.lines:
        return _("No line of {wave} is under way, so nothing would change.").format(wave=seen.wave.id)
    if verb == "pause" and not seen.wave.state:
        return _("{wave} was never started, so nothing irreversible is done in it, and nothing would change.").format(
            wave=seen.wave.id
        )
    return ""


def run_slots(args: argparse.Namespace) -> int:
    """Show the slots and who waits for one; with --go, say them to the wave."""
    with session(says=args.go) as opened:
        wave = _wave(opened.catch_up(), args.wave)
        since = opened.terms.working_days_after(opened.now(), MORE_FROM)
        if args.since is not None:
            since = datetime.combine(args.since, time(), opened.terms.zone)
        if since < opened.now():
            raise UnableToUnderstandError(
                _("Not done: {day} is past. Nothing was said.").format(day=day(since))
                + "\n"
                + _("Give a day from tomorrow on, or none for the first that leaves time to ask people.")
            )
        slots, batches = more_slots(since, days=args.days, terms=opened.terms)
        heading(
            _("{wave}: slots from {first} until {last}").format(
                wave=wave.id, first=moment(slots[0].start), last=moment(batches[-1].end)
            )
        )
        print(_("On call: {slots}. In the provider's batch: {batches}.").format(slots=len(slots), batches=len(batches)))
        _show_waiting(wave)
        if not args.go:
            return not_sent()
        by = account_of(args)
        return say(opened, [(wave.id, SlotsAdded(slots=slots, batches=batches, by=by, why=args.why))], by)


def _show_waiting(wave: Wave) -> None:
    if not wave.asks:
        print(_("No line waits for a slot of this wave."))
        return
    rows = [
        (f"  {ask.line}", _("batch") if ask.batch else _("on call"), day(ask.not_before)) for ask in wave.asks.values()
    ]
    table((_("  line"), _("kind"), _("from")), sorted(rows)[:MOST])


def _wave(known: Known, name: str) -> Wave:
    wave = wave_of(known, SubjectId(name))
    if wave is not None:
        return wave
    there = ", ".join(str(found.id) for found in known.waves())
    raise UnableToUnderstandError(
        _("Not done: there is no wave {name}. Nothing was said.").format(name=name)
        + "\n"
        + (_("There are: {waves}").format(waves=there) if there else _("No wave is planned yet:  naadloos plan"))
    )


def _show(seen: Crew, verb: str) -> None:
    wave = seen.wave
    title = wave.planned.title if wave.planned else ""
    since = _(" since {at}").format(at=full(wave.changed_at)) if wave.changed_at else ""
    heading(f"{wave.id} {title}: {_(STATES[wave.state])}{since}")
    lines = n_("{number} line", "{number} lines", len(seen.lines))
    people = n_("{number} person", "{number} people", seen.people)
    print(_("Head-count: {lines} that are not over, of {people}.").format(lines=lines, people=people))
    if verb != "start" and seen.under_way:
        loud(_("Too late for these, whose port runs or is booked: {lines}").format(lines=", ".join(seen.under_way)))
    if verb == "start":
        _show_unready(seen)


def _show_unready(seen: Crew) -> None:
    if not seen.unready:
        print(_("Nothing stands in the way of starting."))
        return
    print(n_("{number} is not ready and would wait:", "{number} are not ready and would wait:", len(seen.unready)))
    rows = [
        (f"  {item.line}", "; ".join(map(sentence, item.reasons)), change(item.reasons[0]))
        for item in seen.unready[:MOST]
    ]
    table((_("  line"), _("why"), _("what would change it")), rows)
    if len(seen.unready) > MOST:
        print(_("  … and {count} more").format(count=len(seen.unready) - MOST))
