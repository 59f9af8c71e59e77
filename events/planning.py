"""Waves and slots: when it is whose turn."""

from typing import Literal

from events.base import Account, Fact, Instant, LineFact, LineId, Message, SubjectId


class Slot(Message):
    """A half-open stretch of time in which one line is cut over. UTC."""

    start: Instant
    end: Instant


class LinePlanned(LineFact):
    """A line has a wave and a slot. A later plan replaces an earlier one."""

    type: Literal["nl.naadloos.planning.line-planned.v1"] = "nl.naadloos.planning.line-planned.v1"
    wave: SubjectId
    slot: Slot


class SlotConfirmed(LineFact):
    """The person will be there in this slot."""

    type: Literal["nl.naadloos.planning.slot-confirmed.v1"] = "nl.naadloos.planning.slot-confirmed.v1"
    start: Instant


class SlotDeclined(LineFact):
    """The person cannot make this slot."""

    type: Literal["nl.naadloos.planning.slot-declined.v1"] = "nl.naadloos.planning.slot-declined.v1"
    start: Instant
    not_before: Instant | None = None


class PersonMissedSlot(LineFact):
    """The person did not turn up (`scenarios/S26.yaml`)."""

    type: Literal["nl.naadloos.planning.person-missed-slot.v1"] = "nl.naadloos.planning.person-missed-slot.v1"
    start: Instant


class SlotAsked(LineFact):
    """A line asks its wave for another slot. Said to the wave, granted at a set time in a fixed order."""

    type: Literal["nl.naadloos.planning.slot-asked.v1"] = "nl.naadloos.planning.slot-asked.v1"
    attempt: int
    batch: bool = False  # whether the line's provider runs a batch
    not_before: Instant
    not_after: Instant | None = None
    avoid: Instant | None = None  # the slot that did not do


class WavePlanned(Fact):
    """A wave exists: its lines and the slots it may hand out. Said to the wave."""

    type: Literal["nl.naadloos.planning.wave-planned.v1"] = "nl.naadloos.planning.wave-planned.v1"
    title: str
    lines: tuple[LineId, ...]
    opens: Instant
    slots: tuple[Slot, ...]  # for lines whose provider executes on call
    batches: tuple[Slot, ...] = ()  # for lines whose provider runs a batch
    per_slot: int


class SlotsAdded(Fact):
    """A person gave the wave more slots to hand out, beside those it was planned with. Said to the wave."""

    type: Literal["nl.naadloos.planning.slots-added.v1"] = "nl.naadloos.planning.slots-added.v1"
    slots: tuple[Slot, ...] = ()
    batches: tuple[Slot, ...] = ()
    by: Account
    why: str


class WaveStarted(Fact):
    """A person set the wave going. Said to the wave."""

    type: Literal["nl.naadloos.planning.wave-started.v1"] = "nl.naadloos.planning.wave-started.v1"
    by: Account
    why: str


class WavePaused(Fact):
    """A person paused the wave: nothing irreversible happens in it. Said to the wave."""

    type: Literal["nl.naadloos.planning.wave-paused.v1"] = "nl.naadloos.planning.wave-paused.v1"
    by: Account
    why: str


class WaveStopped(Fact):
    """A person stopped the wave: its remaining lines are to be planned anew. Said to the wave."""

    type: Literal["nl.naadloos.planning.wave-stopped.v1"] = "nl.naadloos.planning.wave-stopped.v1"
    by: Account
    why: str


class WaveTold(LineFact):
    """The wave tells one of its lines how the wave stands."""

    type: Literal["nl.naadloos.planning.wave-told.v1"] = "nl.naadloos.planning.wave-told.v1"
    wave: SubjectId
    state: Literal["running", "paused", "stopped"]
    change: int  # which change of the wave this is, so that a late telling cannot undo a newer one


PlanningFact = LinePlanned | SlotConfirmed | SlotDeclined | PersonMissedSlot | WaveTold
WaveFact = SlotAsked | WavePlanned | SlotsAdded | WaveStarted | WavePaused | WaveStopped
