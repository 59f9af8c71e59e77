"""The guards that can be taken out, and how each is missed: by a history of the check, or by a story.

A guard that nothing misses is either not needed or not proved to work. `naadloos verify --guards` tries them all.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from orchestrator.deciding import endline, gate
from orchestrator.deciding.case import Case
from orchestrator.reasons import Reason
from orchestrator.record import Forward, Line
from workers.verify.without import Instead

DECIDING: Final = "orchestrator.deciding"
NET: Final = "the net on the old network died at the port"


@dataclass(frozen=True)
class Guard:
    """One guard: what stands in its stead when it is out, and how that is missed."""

    out: tuple[Instead, ...]
    system: str = ""
    """The system in which a history misses it, within `k` deviations of the kinds that are named."""
    kinds: tuple[str, ...] = ()
    """See `workers.verify.deviating.kind_of`."""
    k: int = 1
    story: str = ""
    """The shipped story that misses it, where no history of few deviations does."""


def desk(name: str, function: str, by: object) -> Instead:
    """Another function in a desk's module."""
    return Instead(f"{DECIDING}.{name}", function, by)


def _port_gate(reason: Reason) -> tuple[Instead, ...]:
    whole, rest = (tuple(item for item in part if item[0] is not reason) for part in (gate.CONDITIONS, gate.REST))
    return (
        desk("gate", "CONDITIONS", whole),
        desk("gate", "REST", rest),
        desk("cutover", "REST", rest),
    )


def _end_gate(reason: Reason) -> tuple[Instead, ...]:
    return (desk("endline", "CONDITIONS", tuple(item for item in endline.CONDITIONS if item[0] is not reason)),)


def _nothing(*_: object, **__: object) -> None:
    """A desk that looks at nothing."""


def _yes(*_: object) -> bool:
    return True


def _no(*_: object) -> bool:
    return False


def _as_said(line: Line, network: object) -> Forward:
    return next((forward for name, forward in line.nets.items() if name is network), Forward())


def _half_a_day(case: Case) -> datetime:
    return case.now + timedelta(hours=12)


GUARDS: Final[dict[str, Guard]] = {
    # The gate before a port.
    "a hold closes the gate": Guard(_port_gate(Reason.ON_HOLD), "voice", ("held",)),
    "an unread message closes the gate": Guard(_port_gate(Reason.UNREAD_MESSAGE), "voice", ("unread",)),
    "a paused wave closes the gate": Guard(_port_gate(Reason.WAVE_NOT_RUNNING), "voice", ("paused",)),
    "no mandate closes the gate": Guard(_port_gate(Reason.NO_MANDATE), "voice", ("mandate",)),
    "an unsettled leaver closes the gate": Guard(_port_gate(Reason.LEAVER_UNSETTLED), "voice", ("leaver",)),
    "an absence closes the gate": Guard(_port_gate(Reason.PERSON_ABSENT), "voice", ("absent",)),
    "a person who does not agree closes the gate": Guard(
        _port_gate(Reason.PERSON_NOT_CONFIRMED), "voice", ("declined",)
    ),
    "a net that does not stand closes the gate": Guard(_port_gate(Reason.NET_NOT_SET), "voice", ("forward-lost",)),
    "an unproved SIM closes the gate": Guard(_port_gate(Reason.UNPROVED), "voice", ("dies",)),
    "an old proof closes the gate": Guard(
        _port_gate(Reason.EVIDENCE_STALE), "voice", ("late cutover.test-reachability",)
    ),
    "the slot's time closes the gate": Guard(_port_gate(Reason.OUTSIDE_SLOT), "voice", (), 0),
    "a full duty roster closes the gate": Guard(_port_gate(Reason.ROSTER_NOT_FREE), "roster-of-one", ("declined",)),
    # The end of an old line that does not port.
    "a hold keeps the old line": Guard(_end_gate(Reason.ON_HOLD), "data", ("held",)),
    "an unread message keeps the old line": Guard(_end_gate(Reason.UNREAD_MESSAGE), "data", ("unread",)),
    # The desks.
    "a net is fresh before SIMs are changed": Guard(
        (desk("insertion", "net_fresh", _yes),), "booked-single-phone", ("forward-lost",)
    ),
    "a SIM is tested before it is set up again": Guard(
        (desk("sim", "stays_off", _yes),), "machine", ("lost sim.attached",)
    ),
    "the SIM that carries a line is not blocked on a word": Guard(
        (desk("kit", "carrying", _nothing),), "data", ("thought-lost",)
    ),
    "a task is told again": Guard(
        (Instead(f"{DECIDING}.case:Case", "_remind", _nothing),), "critical", ("lost messages.send",)
    ),
    "a lost SIM of a data line is an incident": Guard((desk("endline", "_silenced", _nothing),), "data", ("lost",)),
    "an answer that stays away is chased": Guard(
        (desk("port", "_await_answer", _nothing),), "voice", ("drawn unanswered",)
    ),
    NET: Guard((desk("net", "forward_on", _as_said),), "voice", ("ported-back", "lost messages.send"), 2),
    "an order holds no longer than what it rests on": Guard(
        (desk("execution", "effect_until", _half_a_day),), "voice", (), 0
    ),
}
"""By what each makes sure of, in a sentence."""
