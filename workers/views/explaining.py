"""One person or shared number explained: what is known of each line, what it waits for, and what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from events.base import Iccid, LineId
from events.cutover import Network
from orchestrator.deciding.evidence import attached, lost, mismatched
from orchestrator.knowing.dispatch import in_hand, sim
from orchestrator.reachability import known_ways, reachable
from orchestrator.reasons import Counterpart
from orchestrator.record import Holder, Line
from workers.runtime.language import _, n_
from workers.runtime.signs import printable
from workers.views.heard import short
from workers.views.known import answerable
from workers.views.times import age, full, moment, span
from workers.views.waits import Wait
from workers.views.words import STATES, change, counterpart, sentence, word

Fact = tuple[str, str]
"""A heading and what is known under it."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """One thing that a line waits for, in words; `on` is empty where it waits for nobody."""

    why: str
    since: str
    on: str
    change: str
    until: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One line, explained."""

    line: LineId
    what: str
    awaited: tuple[Awaited, ...]
    known: tuple[Fact, ...]


def about(holder: Holder) -> str:
    """The person as the programme knows them, without a name: department, site, superuser."""
    who = holder.enrolled
    if who is None:
        return _("shared number")
    helper = _("superuser {who}").format(who=who.superuser) if who.superuser else _("is a superuser")
    return f"{who.department}, {who.site} · {helper}"


def circumstances(holder: Holder, now: datetime) -> Iterator[Fact]:
    """What holds for all lines of the person: absence, leaving, holds, unread messages."""
    if holder.leaver_at:
        yield _("leaves"), _("announced {at}").format(at=full(holder.leaver_at))
    if holder.away_since and holder.away_until and holder.away_until > now:
        yield (
            _("away"),
            _("from {since} until {until}").format(since=full(holder.away_since), until=full(holder.away_until)),
        )
    for hold in holder.holds:
        held = _("since {at} by {by}: {why}").format(at=full(hold.at), by=hold.by, why=hold.why)
        yield _("held"), printable(held)
    if holder.unread:
        text = n_("{number} dead letter is open", "{number} dead letters are open", len(holder.unread))
        yield _("unread"), f"{text}:  naadloos dead-letters show {holder.id}"


def explained(line: Line, waits: Iterable[Wait], *, now: datetime) -> Explained:
    """The line in plain words, by the programme's clock at `now`."""
    return Explained(line.id, _what(line), tuple(_awaited(wait, now) for wait in waits), tuple(_known(line, now)))


def _what(line: Line) -> str:
    terms = line.terms
    if terms is None:
        return _("not enrolled")
    parts = [word(terms.kind)]
    if terms.critical:
        parts.append(word(terms.critical))
    parts.append(word(terms.execution) if terms.ports else _("does not port"))
    return ", ".join([*parts, word(terms.handset)])


def _awaited(wait: Wait, now: datetime) -> Awaited:
    return Awaited(
        why=sentence(wait.reason),
        since=_("since {at} ({age})").format(at=moment(wait.since, now=now), age=age(now - wait.since)),
        on=counterpart(wait.on) if wait.on is not Counterpart.NOBODY else "",
        change=change(wait.reason),
        until=_("until {at} at the latest").format(at=moment(wait.until, now=now)) if wait.until else "",
    )


def _known(line: Line, now: datetime) -> Iterator[Fact]:
    yield _("reachable"), _reachable(line)
    yield _("turn"), _turn(line, now)
    if line.terms is not None and line.terms.ports:
        yield _("port"), _port(line, now)
    yield _("kit"), _kit(line, now)
    if iccid := in_hand(line):
        yield _("new SIM"), _sim(line, iccid, now)
    if any(net.set_at for net in line.nets.values()):
        yield _("safety net"), _nets(line)
    for condition, accounts in line.waivers.items():
        yield _("waived"), _("{what}, by {who}").format(what=word(condition), who=", ".join(accounts))
    yield from _doings(line, now)


def _reachable(line: Line) -> str:
    if not answerable(line):
        return _("not asked: this line carries no calls of ours")
    if reachable(known_ways(line)):
        return _("yes, by what we know")
    return _("NO, by what we know")


def _turn(line: Line, now: datetime) -> str:
    plan = line.plan
    if plan.wave is None or plan.slot is None:
        return _("not planned")
    shown = _("{wave} ({state}), slot {slot}").format(
        wave=plan.wave, state=_(STATES.get(plan.wave_state, plan.wave_state)), slot=span(plan.slot, now=now)
    )
    if plan.confirms(plan.slot.start):
        return shown + _(", confirmed")
    if plan.declines(plan.slot.start):
        return shown + _(", declined")
    return shown + _(", not confirmed yet")


def _port(line: Line, now: datetime) -> str:
    port, mandate = line.port, _("mandate on file") if line.mandate else _("NO mandate on file")
    if port.performed_at:
        return _("number moved to the new network on {at}").format(at=full(port.performed_at))
    if port.state is None or port.dossier is None:
        return _("not requested yet; {mandate}").format(mandate=mandate)
    parts = [_("{dossier} {state}").format(dossier=port.dossier, state=word(port.state))]
    if port.state_at:
        parts.append(_("since {at}").format(at=moment(port.state_at, now=now)))
    if port.first_possible:
        parts.append(_("first possible {at}").format(at=moment(port.first_possible, now=now)))
    if port.code:
        parts.append(_("code {code}").format(code=port.code))
    return ", ".join([*parts, mandate])


def _kit(line: Line, now: datetime) -> str:
    kit = line.kit
    if kit.handed and kit.handed_at:
        wrong = _("; NOT the one that is meant") if mismatched(line) else ""
        return _("{sim} handed over {at}").format(sim=short(kit.handed), at=moment(kit.handed_at, now=now)) + wrong
    if kit.kit is None:
        return _("asked for") if kit.asks else _("not asked for yet")
    if kit.parcel and kit.parcel_at:
        return _("{sim} granted; parcel {status} since {at}").format(
            sim=short(kit.kit.iccid), status=word(kit.parcel), at=moment(kit.parcel_at, now=now)
        )
    return _("{sim} granted").format(sim=short(kit.kit.iccid))


def _sim(line: Line, iccid: Iccid, now: datetime) -> str:
    known = sim(line, iccid)
    parts = [_("active") if known.active_at else _("not active")]
    parts.append(_("attached") if attached(known) else _("not attached"))
    if lost(known):
        parts.append(_("LOST"))
    if known.test is None:
        parts.append(_("not tested"))
    else:
        outcome = _("test passed {at}") if known.test.passed else _("test FAILED {at}")
        parts.append(outcome.format(at=moment(known.test.at, now=now)))
    return f"{short(iccid)}: {', '.join(parts)}"


def _nets(line: Line) -> str:
    names = {Network.OLD: _("on the old network"), Network.NEW: _("on the new network")}
    if line.port.performed_at:
        names.pop(Network.OLD)
    return ", ".join(
        f"{names[network]} {_('set') if net.stands() else _('not set')}"
        for network, net in sorted(line.nets.items())
        if network in names
    )


def _doings(line: Line, now: datetime) -> Iterator[Fact]:
    for kind, task in line.tasks.items():
        if task.closed_at is None and task.done_at is None:
            yield (
                _("task"),
                _("for {role}: {kind}, since {at}").format(
                    role=word(task.role), kind=word(kind), at=moment(task.opened_at, now=now)
                ),
            )
    for incident, at in line.incidents.items():
        yield _("INCIDENT"), _("{kind}, since {at}").format(kind=word(incident), at=full(at))
    if line.ended is not None:
        yield _("ended"), word(line.ended)
    elif line.done_at is not None:
        yield _("done"), full(line.done_at)
