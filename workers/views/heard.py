"""Each message as one short sentence: what was heard, what is ordered, what became true by deciding."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from events import control, cutover, dispatch, enrolment, messages, outcomes, places, planning, porting, sim
from events.base import Message
from events.cutover import Leg, ReachabilityTested
from events.planning import Slot
from workers.runtime.language import _, marked
from workers.runtime.signs import printable
from workers.views.times import moment, span
from workers.views.words import WORDS, word

TEXTS: Final[Mapping[type[Message], str]] = {
    enrolment.EmployeeEnrolled: marked("takes part, in {department}"),
    enrolment.LineEnrolled: marked("line enrolled: {kind}"),
    enrolment.LineDropped: marked("line dropped by {by}: {why}"),
    enrolment.MandateFiled: marked("mandate filed"),
    enrolment.MandateWithdrawn: marked("mandate withdrawn"),
    enrolment.LeaverAnnounced: marked("leaves, last day {last_day}"),
    enrolment.LeaverSettled: marked("leaver's number decided by {by}: {choice}"),
    enrolment.AbsenceAnnounced: marked("away from {since} until {until}"),
    enrolment.AbsenceEnded: marked("back from absence"),
    planning.LinePlanned: marked("planned in {wave}, slot {slot}"),
    planning.SlotConfirmed: marked("the person confirms the slot of {start}"),
    planning.SlotDeclined: marked("the person declines the slot of {start}"),
    planning.PersonMissedSlot: marked("the person missed the slot of {start}"),
    planning.SlotAsked: marked("{line} asks for another slot, from {not_before}"),
    planning.WavePlanned: marked("wave planned: {title}"),
    planning.SlotsAdded: marked("{by} gives the wave more slots: {why}"),
    planning.WaveStarted: marked("wave started by {by}: {why}"),
    planning.WavePaused: marked("wave paused by {by}: {why}"),
    planning.WaveStopped: marked("wave stopped by {by}: {why}"),
    planning.WaveTold: marked("{wave} is {state}"),
    places.KitsDelivered: marked("kits delivered to the stock"),
    places.KitAsked: marked("{line} asks for a kit, by {wanted_by}"),
    places.KitGranted: marked("kit granted: {kit}"),
    places.RosterFormed: marked("duty roster formed: {title}, {members} members"),
    places.PlaceAsked: marked("{line} asks for a place at {start}"),
    places.PlaceReturned: marked("{line} gives back its place at {start}"),
    places.PlaceGranted: marked("{roster} spares the person at {start}"),
    places.PlaceRefused: marked("{roster} cannot spare the person at {start}: {taken} of {limit} are taken"),
    dispatch.ParcelAnnounced: marked("parcel announced, {barcode}"),
    dispatch.ParcelReported: marked("parcel {barcode}: {status}"),
    dispatch.HandedOver: marked("handed over: {iccid}, scanned by {by}"),
    dispatch.HandoverCorrected: marked("hand-over of {iccid} corrected by {by}: {why}"),
    dispatch.MismatchSettled: marked("mismatch of {iccid} settled by {by}: {choice}"),
    dispatch.KitLost: marked("kit lost: {iccid}"),
    dispatch.KitFound: marked("kit found: {iccid}"),
    dispatch.ReturnAnnounced: marked("return of a kit announced"),
    dispatch.KitReturned: marked("a kit came back"),
    sim.SimActivated: marked("{iccid} is active"),
    sim.SimAttached: marked("{iccid} is on the network"),
    sim.SimDetached: marked("{iccid} left the network"),
    sim.SimFailed: marked("{iccid} does not work: {why}"),
    sim.SimBlocked: marked("{iccid} is blocked"),
    sim.SimReset: marked("{iccid} was set up again"),
    porting.PortSubmitted: marked("port request received, {dossier}"),
    porting.PortInvalid: marked("port request refused on sight, code {code}"),
    porting.PortDelayed: marked("old provider needs longer, until {due}"),
    porting.PortBlocked: marked("old provider refuses the port, code {code}"),
    porting.PortAccepted: marked("port accepted, first possible {first_possible}"),
    porting.PortErrorFound: marked("error found in the port request, code {code}"),
    porting.PortRebound: marked("order bound to {iccid}"),
    porting.PortExecuting: marked("port being carried out"),
    porting.PortBooked: marked("port booked for {runs_at}"),
    porting.PortRecalled: marked("booked port recalled"),
    porting.PortMissedBatch: marked("the batch ran without this port"),
    porting.PortPerformed: marked("number moved to the new network"),
    porting.PortCancelled: marked("port request cancelled"),
    porting.PortLapsed: marked("acceptance ran out"),
    porting.PortReversed: marked("number ported back"),
    porting.NumberDeactivated: marked("number deactivated"),
    porting.PortTold: marked("provider says: {state}"),
    porting.PortReported: marked("provider: {dossier} is {state}; asked for the rest"),
    porting.DataCorrected: marked("data corrected by {by}: {why}"),
    porting.PortWithdrawn: marked("port stopped by {by}: {why}"),
    cutover.ForwardConfirmed: marked("safety net set on the {network} network"),
    cutover.ForwardCleared: marked("safety net cleared on the {network} network"),
    cutover.ForwardLost: marked("safety net lost on the {network} network"),
    cutover.ReachabilityTested: marked("tested by {medium}: {heard}"),
    cutover.SecondMediumProved: marked("second medium proved by {by}: {medium}"),
    cutover.EndApproved: marked("end of the old line approved by {by}"),
    cutover.OldLineEnded: marked("old line ended"),
    cutover.ReportedUnreachable: marked("reported as unreachable"),
    messages.MessageSent: marked("message sent"),
    control.Held: marked("held by {by}: {why}"),
    control.LetterOpened: marked("dead letter {letter}: {detail}"),
    control.LettersRedriven: marked("dead letters redriven by {by}: {why}"),
    control.LettersDismissed: marked("dead letters dismissed by {by}: {why}"),
    control.PartySilent: marked("{party} answers nobody, since {since}"),
    control.PartyAnswers: marked("{party} answers"),
    control.ActBegun: marked("{by} begins: {kind}, {what}: {why}"),
    control.ActEnded: marked(
        "ended: {done} done, {failed} failed, {skipped} skipped, {undecided} said and not decided yet"
    ),
    control.Released: marked("released by {by}: {why}"),
    control.Waived: marked("{by} waives {condition}: {why}"),
    control.TaskDone: marked("task done by {by}: {task}"),
    control.TimeCome: marked("time to look again"),
    control.CommandDone: marked("done: {key}"),
    control.CommandRefused: marked("refused, code {code}: {key}"),
    control.CommandLapsed: marked("lapsed, nothing was done: {key}"),
    control.CommandWithdrawn: marked("withdrawn in time: {key}"),
    control.WithdrawalLate: marked("withdrawal came late: {key}"),
    control.OutcomeUnknown: marked("no answer in time: {key}"),
    control.ReportUnrouted: marked("a report of {source} matches nobody"),
    control.ReportDismissed: marked("a report of {source} dismissed by {by}: {why}"),
    control.ReportRouted: marked("a report of {source} found its line"),
    control.ProgrammeOpened: marked("programme opened: {title}"),
    porting.RequestPort: marked("request the port"),
    porting.AskPort: marked("ask how the port stands"),
    porting.CancelPort: marked("withdraw the port request"),
    porting.RebindPort: marked("bind the order to {iccid}"),
    dispatch.ShipKit: marked("send the kit"),
    dispatch.CollectKit: marked("have a kit sent back"),
    sim.ActivateSim: marked("activate {iccid}"),
    sim.ResetSim: marked("set {iccid} up again"),
    sim.BlockSim: marked("block {iccid}"),
    cutover.SetForward: marked("set the safety net on the {network} network"),
    cutover.ClearForward: marked("clear the safety net on the {network} network"),
    cutover.TestReachability: marked("test by {medium}"),
    cutover.ExecutePort: marked("CARRY THE PORT OUT, by {not_after}"),
    cutover.BookPort: marked("book the port for {slot}"),
    cutover.RecallPort: marked("recall the booked port"),
    cutover.EndOldLine: marked("end the old line, by {not_after}"),
    cutover.Withdraw: marked("take back {target}"),
    messages.SendMessage: marked("write: {template}"),
    outcomes.TaskOpened: marked("task for {role}: {kind}"),
    outcomes.TaskClosed: marked("task closed: {task}"),
    outcomes.IncidentOpened: marked("INCIDENT ({owner}): {kind}"),
    outcomes.IncidentClosed: marked("incident over: {kind}"),
    outcomes.LineDone: marked("line done"),
    outcomes.LineEnded: marked("line ended: {reason}"),
}
"""By message class; a test holds that none is missing. No number of a person is among the fields."""

VALUES: Final = {
    "old": marked("old"),
    "new": marked("new"),
    "attach": marked("attaching"),
    "alarm": marked("its alarm centre"),
    "sms": marked("text message"),
    "cancel": marked("give it up"),
    "pool": marked("keep it in the pool"),
    "lapse": marked("let it lapse"),
    "stays": marked("a successor keeps it"),
    "rebind": marked("use this SIM"),
    "resend": marked("send another kit"),
    "running": marked("running"),
    "paused": marked("paused"),
    "stopped": marked("stopped"),
    "voice": marked("voice"),
    "handset": marked("the handset"),
    "forward": marked("the safety net"),
    "voicemail": marked("voicemail"),
    "other": marked("somebody else"),
    "nobody": marked("nobody"),
}
"""Words inside sentences for values that have no word of their own."""
AS_SAID: Final = frozenset({"by", "why", "note", "what", "detail", "department"})
"""What people wrote or are called: it may be a word of ours by chance, and is not translated."""

_WORDED: Final = {type(value) for value, _text in WORDS}


def told(message: Message, *, at: datetime | None = None) -> str:
    """The message as one short sentence in the chosen language; its times have a year where `at` is in another."""
    return printable(_(TEXTS[type(message)]).format_map(_Fields(message, at)))


def short(iccid: str) -> str:
    """A SIM as people tell it apart: its last six digits."""
    return _("SIM …{digits}").format(digits=iccid[-6:])


class _Fields(dict[str, str]):
    """The fields of a message, each as it is shown, looked up when the sentence names it."""

    def __init__(self, message: Message, at: datetime | None) -> None:
        super().__init__()
        self._message, self._at = message, at

    def __missing__(self, name: str) -> str:
        if name == "heard" and isinstance(self._message, ReachabilityTested):
            return _answered(self._message)
        return _value(name, getattr(self._message, name), self._at)


def _value(name: str, value: Any, at: datetime | None) -> str:  # noqa: ANN401 - a field of any message
    if isinstance(value, datetime | Slot | places.Kit):
        return _structured(value, at)
    if isinstance(value, StrEnum) and type(value) in _WORDED:
        return word(value)
    if name == "iccid":
        return short(str(value))
    return _(VALUES[str(value)]) if name not in AS_SAID and str(value) in VALUES else str(value)


def _structured(value: datetime | Slot | places.Kit, at: datetime | None) -> str:
    match value:
        case Slot():
            return span(value, now=at)
        case places.Kit():
            return short(value.iccid)
        case _:
            return moment(value, now=at)


def _answered(test: ReachabilityTested) -> str:
    legs = {heard.leg for heard in test.heard}
    if legs == {Leg.HANDSET}:
        return _("the handset answered from every network")
    worst = sorted(str(leg) for leg in legs - {Leg.HANDSET})
    return _("answered by {who}").format(who=", ".join(_(VALUES[leg]) for leg in worst) or _("nobody"))
