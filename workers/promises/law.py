"""The law of irreversible acts, written a second time and from the outside, of what was said.

The gate is not asked, nor anything that it rests on. An act that the gate lets through and the law forbids is a hole in
the gate, or another gate than the one that was proved.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from events.cutover import BookPort, ClearForward, EndOldLine, ExecutePort, Network
from events.enrolment import Handset
from events.porting import PortState
from events.registry import AnyCommand
from orchestrator.record import AskState, Holder, Line, Sim

PROOF: Final = timedelta(hours=2)
PROOF_CRITICAL: Final = timedelta(minutes=45)
HOLDS: Final = timedelta(minutes=2)
ACCEPTANCE: Final = timedelta(days=90)
OPEN: Final = (PortState.ACCEPTED, PortState.BOOKED)
IRREVERSIBLE: Final = (ExecutePort, BookPort, ClearForward, EndOldLine)


@dataclass(frozen=True)
class Ordered:
    """A command at the moment at which it was ordered, and what was known of its line once it was."""

    command: AnyCommand
    holder: Holder
    line: Line
    now: datetime

    def breaks(self) -> Iterator[str]:
        """What the law has against it, in words; nothing where it is lawful, or can be undone."""
        match self.command:
            case ExecutePort():
                yield from self._port(self.command)
                yield from self._moment(self.command)
                yield from self._proof(self.command)
            case BookPort():
                yield from self._port(self.command)
                yield from self._booking(self.command)
            case ClearForward():
                yield from self._stopped()
                yield from self._clear(self.command)
            case EndOldLine():
                yield from self._stopped()
                yield from self._end(self.command)
            case _:
                return

    def _stopped(self) -> Iterator[str]:
        """Who may stop anything: a person, or a message that nobody could read."""
        if any(hold.line in {None, self.line.id} for hold in self.holder.holds):
            yield "a person holds it"
        if self.holder.unread:
            yield "a message about it was not read"

    def _port(self, command: ExecutePort | BookPort) -> Iterator[str]:
        """What a number may only move with, whenever it moves."""
        yield from self._stopped()
        yield from self._order(command)
        yield from self._people(command)
        yield from self._nets()

    def _order(self, command: ExecutePort | BookPort) -> Iterator[str]:
        port = self.line.port
        first = port.first_possible
        at = max(self.now, command.slot.start) if isinstance(command, BookPort) else self.now
        if port.state not in OPEN or port.dossier != command.dossier:
            yield "its request is not open"
        if first is None or not first <= at or self.now > first + ACCEPTANCE:
            yield "the provider does not accept it at this time"
        if self.line.mandate is None:
            yield "there is no mandate"
        if port.bound != command.iccid:
            yield "the order is not bound to the SIM"
        for effect, what in (("rebind", "bound to another SIM"), ("cancel", "withdrawn")):
            ask = self.line.asks.get(effect)
            about = effect == "rebind" or (ask is not None and ask.about == port.dossier)
            if ask is not None and about and ask.state in {AskState.ASKED, AskState.UNKNOWN}:
                yield f"the order is being {what}"
        withdrawn, corrected = port.withdrawn_at, port.corrected_at
        if self.line.dropped or (withdrawn is not None and (corrected is None or corrected <= withdrawn)):
            yield "somebody stopped it"

    def _people(self, command: ExecutePort | BookPort) -> Iterator[str]:
        plan, start = self.line.plan, command.slot.start
        pool = self.line.settled == "pool"
        if self.holder.leaver_at is not None and self.line.settled not in {"pool", "stays"}:
            yield "nobody decided about the leaver"
        if not plan.confirms(start) and not pool and not self._waived("person_confirmed"):
            yield "the person did not agree to the slot"
        since, until = self.holder.away_since, self.holder.away_until
        begins, ends = (start, command.slot.end) if isinstance(command, BookPort) else (self.now, self.now)
        if not pool and since is not None and until is not None and since <= ends and begins < until:
            yield "the person is away"
        if plan.missed_start == start:
            yield "the person did not come"
        critical = self.line.terms is not None and self.line.terms.critical
        if critical and self.line.second_medium_at is None and not self._waived("second_medium"):
            yield "the second medium was not tried"
        yield from self._contended(start)

    def _waived(self, condition: str) -> bool:
        accounts = next((by for what, by in self.line.waivers.items() if what == condition), ())
        return len(set(accounts)) > 1

    def _contended(self, start: datetime) -> Iterator[str]:
        assert self.line.terms is not None
        for name in self.line.terms.rosters:
            place = self.line.places.get(name)
            granted = place is not None and place.start == start and place.granted
            if not granted and not self._waived("roster_free"):
                yield f"{name} does not spare the person"
        if self.line.plan.wave_state != "running" and not self._waived("wave_running"):
            yield "its wave does not run"

    def _nets(self) -> Iterator[str]:
        """The net stands on both networks."""
        assert self.line.terms is not None
        for network in Network:
            known = self.line.nets.get(network)
            if known is None or not known.stands() or known.target != self.line.terms.net:
                yield f"the net does not stand on the {network} network"

    def _moment(self, command: ExecutePort) -> Iterator[str]:
        if not command.slot.start <= self.now < command.slot.end:
            yield "it is not the slot's time"
        if command.not_after > min(command.slot.end, self.now + HOLDS):
            yield "the order holds too long"

    def _booking(self, command: BookPort) -> Iterator[str]:
        if not self.now < command.slot.start or command.not_after > command.slot.start:
            yield "it is not the time to book"
        yield from self._handed(command.iccid)
        assert self.line.terms is not None
        if self.line.terms.handset is Handset.NEW:
            yield from self._shown_to_work(command.iccid)

    def _proof(self, command: ExecutePort) -> Iterator[str]:
        """The SIM is in the right hands, and was shown to work a short while ago."""
        assert self.line.terms is not None
        yield from self._handed(command.iccid)
        yield from self._shown_to_work(command.iccid)
        limit = PROOF_CRITICAL if self.line.terms.critical else PROOF
        if self.now - command.evidence_at > limit or command.not_after > command.evidence_at + limit:
            yield "the proof is too old"

    def _handed(self, iccid: str) -> Iterator[str]:
        if self.line.kit.handed != iccid:
            yield "another SIM was handed over, or none"

    def _shown_to_work(self, iccid: str) -> Iterator[str]:
        known = self._known(iccid)
        if known is not None and _said_to_be_gone(known):
            yield "the SIM was said to be blocked or lost"
        if known is None or known.test is None or not known.test.passed:
            yield "the SIM was not shown to work"
        elif known.failed_at is not None and (known.reset_at is None or known.reset_at < known.failed_at):
            yield "the SIM was said to be faulty"

    def _known(self, iccid: str | None) -> Sim | None:
        return next((known for name, known in self.line.sims.items() if name == iccid), None)

    def _clear(self, command: ClearForward) -> Iterator[str]:
        known = self._known(command.iccid)
        if known is None or known.test is None or not known.test.passed or known.test.at != command.evidence_at:
            yield "it does not rest on a test that the handset answered"
        if self.now - command.evidence_at > PROOF or command.not_after > command.evidence_at + PROOF:
            yield "the proof is too old"

    def _end(self, command: EndOldLine) -> Iterator[str]:
        assert self.line.terms is not None
        if self.line.terms.ports:
            yield "a number that ports is never ended by notice"
        if self.now - command.evidence_at > PROOF or not command.approved_by:
            yield "there is no fresh proof or no approval"


def _said_to_be_gone(known: Sim) -> bool:
    """Whether somebody said that the SIM is blocked or lost, and nobody that it was found since."""
    found_again = known.lost_at is not None and known.found_at is not None and known.found_at > known.lost_at
    return known.blocked_at is not None or (known.lost_at is not None and not found_again)
