"""A line at the moment at which something may befall it: what may be asked of it then."""

from datetime import timedelta
from typing import Final, NamedTuple

from events.base import LineId
from orchestrator.record import Holder, Line
from workers.verify.situation import Situation
from workers.world.line import LineWorld

DAY: Final = timedelta(days=1)


class Seen(NamedTuple):
    """A line at the moment at which something befalls it."""

    line: Line
    holder: Holder
    world: LineWorld
    situation: Situation
    place: int

    @property
    def id(self) -> LineId:
        """The line's id."""
        return self.line.id

    @property
    def iccid(self) -> str:
        """The new SIM in the person's hands, as far as is known."""
        return self.line.kit.handed or ""


def over(seen: Seen) -> bool:
    """Whether the line is done or ended."""
    return seen.line.done_at is not None or seen.line.ended is not None


def moves(seen: Seen) -> bool:
    """Whether it is not."""
    return not over(seen)


def ports(seen: Seen) -> bool:
    """Whether its number is still to move."""
    return not over(seen) and seen.world.ports and seen.line.port.performed_at is None


def before_slot(seen: Seen) -> bool:
    """Whether the slot in which it is to move is still to come."""
    slot = seen.line.plan.slot
    return ports(seen) and slot is not None and seen.situation.now < slot.start


def a_day_before_slot(seen: Seen) -> bool:
    """Whether it is more than a day away."""
    slot = seen.line.plan.slot
    return before_slot(seen) and slot is not None and seen.situation.now < slot.start - DAY


def planned(seen: Seen) -> bool:
    """Whether it has a slot."""
    return seen.line.plan.slot is not None


def in_hand(seen: Seen) -> bool:
    """Whether the new SIM is in the person's hands, as is known, and the line is not over."""
    return bool(seen.iccid) and seen.iccid == seen.world.in_hand and not over(seen)


def performed(seen: Seen) -> bool:
    """Whether the number is on the new network in truth; one that went back to its range holder is on none."""
    return seen.line.port.performed_at is not None and seen.world.served.value == "new" and bool(seen.world.bound)
