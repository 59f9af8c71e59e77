"""What a person's hold, release or waiver would do, told before it is said."""

from __future__ import annotations

from events.base import Account, LineId
from events.control import Held, Released, Waivable, Waived
from events.porting import PortState
from orchestrator.deciding.case import WAIVED_BY
from orchestrator.deciding.gate import CONDITIONS
from orchestrator.record import Holder, Line
from workers.runtime.language import _
from workers.runtime.nearest import nearest
from workers.runtime.unable import UnableToAllowError, UnableToUnderstandError
from workers.views.times import full
from workers.views.words import change, sentence, word


def line_named(holder: Holder, who: str) -> LineId | None:
    """The line, when the order names one; None when it names the whole subject."""
    return LineId(who) if who in holder.lines else None


def hold(holder: Holder, who: str, *, why: str, by: Account) -> Held:
    """What is said to hold this person or line. Raises `UnableToAllowError` where nothing is left to hold."""
    _must_go_on(holder, who, _("Not held: {who} is over, and nothing is left that a hold could stop."))
    return Held(line=line_named(holder, who), why=why, by=by)


def hold_told(holder: Holder, who: str) -> list[str]:
    """What a hold stops, and what it comes too late for."""
    told = [
        _("{who} would be held: no port is carried out, no old line ends. Kits and answers go on.").format(who=who),
    ]
    for line in _lines(holder, who):
        match line.port.state:
            case PortState.EXECUTING:
                told.append(_("{line}: its port may be under way; a hold cannot stop it.").format(line=line.id))
            case PortState.BOOKED if line.port.runs_at and line.port.recall_until:
                told.append(
                    _("{line}: its port is booked for {runs}; it can be recalled until {until}.").format(
                        line=line.id, runs=full(line.port.runs_at), until=full(line.port.recall_until)
                    )
                )
            case _:  # a port in any other state is held before it moves, or has moved
                pass
    return told


def release(holder: Holder, who: str, *, why: str, by: Account) -> Released:
    """What is said to release this person or line. Raises `UnableToAllowError` when nobody holds it."""
    if not holds_of(holder, who):
        nobody = _("Not released: nobody holds {who}. Nothing was said.").format(who=who)
        raise UnableToAllowError(nobody + "\n" + _what_holds(holder))
    return Released(line=line_named(holder, who), why=why, by=by)


def _what_holds(holder: Holder) -> str:
    if any(hold.line is None for hold in holder.holds):
        return _("{who} is held as a whole. To lift that:  naadloos release {who} --why REASON").format(who=holder.id)
    return _("See what it waits for:  naadloos explain {who}").format(who=holder.id)


def _must_go_on(holder: Holder, who: str, otherwise: str) -> None:
    if all(line.done_at is not None or line.ended is not None for line in _lines(holder, who)):
        see = _("Nothing was said. See how it went:  naadloos explain {who}").format(who=holder.id)
        raise UnableToAllowError(otherwise.format(who=who) + "\n" + see)


def holds_of(holder: Holder, who: str) -> list[str]:
    """The holds that a release would lift, each as a sentence."""
    named = line_named(holder, who)
    held = [hold for hold in holder.holds if named in {None, hold.line}]
    return [
        _("{who} is held since {at} by {by}: {why}").format(
            who=hold.line or holder.id, at=full(hold.at), by=hold.by, why=hold.why
        )
        for hold in held
    ]


def waive(holder: Holder, who: str, condition: str, *, why: str, by: Account) -> Waived:
    """What is said to waive a condition of this line's gate. Raises `UnableToUnderstandError`, `UnableToAllowError`."""
    line = holder.lines.get(LineId(who))
    if line is None or line.terms is None:
        raise UnableToUnderstandError(
            _("Not waived: {who} is no line. A waiver is for one line. Nothing was said.").format(who=who)
            + "\n"
            + _("There are: {lines}").format(lines=", ".join(sorted(holder.lines)) or "–")
        )
    _must_go_on(holder, who, _("Not waived: {who} is over, and no gate is left for it to pass."))
    wanted = _waivable(condition, who)
    if by in line.waivers.get(wanted, ()):
        raise UnableToAllowError(
            _("Not waived: {by} waived this for {line} already; a waiver takes a second account.").format(
                by=by, line=line.id
            )
            + "\n"
            + _("Nothing was said. Have a colleague give the same command with --as their own account.")
        )
    return Waived(line=line.id, condition=wanted, why=why, by=by)


def _waivable(condition: str, who: str) -> Waivable:
    """The condition of this name. Without one of the others the move may cut somebody off (R1), so nobody waives it."""
    if condition in set(Waivable):
        return Waivable(condition)
    guarded = next((reason for reason, _holds in CONDITIONS if reason == condition), None)
    if guarded is not None:
        held = _("Not waived: {line} may be cut off if it moves while {what}, so nobody waives that. Nothing was said.")
        helps = _("What helps: {change}. How it stands:  naadloos explain {line}")
        raise UnableToAllowError(
            held.format(line=who, what=sentence(guarded)) + "\n" + helps.format(change=change(guarded), line=who)
        )
    unknown = _("Not waived: there is no condition {name} ({meant}). Nothing was said.")
    hint = _("Which there are:  naadloos waive --help")
    raise UnableToUnderstandError(unknown.format(name=condition, meant=nearest(condition, Waivable)) + "\n" + hint)


def waive_told(line: Line, fact: Waived) -> list[str]:
    """What the waiver lets pass, and whether it still takes another account."""
    others = line.waivers.get(fact.condition, ())
    told = [_("{line} would move without: {what}.").format(line=line.id, what=word(fact.condition))]
    if line.terms is not None and line.terms.critical:
        critical = word(line.terms.critical)
        told.append(f"{critical[:1].upper()}{critical[1:]}.")
    if len(others) + 1 < WAIVED_BY:
        told.append(_("It counts once a colleague gives the same command with --as their own account."))
    else:
        told.append(_("{who} waived it before: the waiver counts from now on.").format(who=", ".join(others)))
    return told


def _lines(holder: Holder, who: str) -> list[Line]:
    named = line_named(holder, who)
    return [line for name, line in sorted(holder.lines.items()) if named in {None, name}]
