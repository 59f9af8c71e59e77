"""The guards of the cut-over: orders of which nobody knows, bookings, the change of SIMs, and the net."""

from collections.abc import Callable
from typing import Final

from events.base import Iccid, Key
from events.cutover import Network, Withdraw
from events.registry import AnyCommand
from orchestrator.deciding import batch
from orchestrator.deciding.case import Case
from orchestrator.deciding.gate import gate
from orchestrator.deciding.net import clear_net, net, set_net
from orchestrator.record import AskState, Forward, Line, with_
from workers.verify.guards.guard import Guard, case_instead, instead, no, nothing, yes

NET: Final = "the net on the old network died at the port"
_key = Case.key
_recall_reasons = batch._recall_reasons  # noqa: SLF001 - what is taken out is known by its own name alone


def _none_back(case: Case, command: AnyCommand) -> None:
    if not isinstance(command, Withdraw):
        case.commands.append(command)


def _whatever_fails(case: Case, *, at_last: bool) -> bool:  # noqa: ARG001 - as the desk asks
    return bool(gate(case))


def _none(*_: object) -> tuple[()]:
    return ()


def _as_said(line: Line, network: object) -> Forward:
    return next((forward for name, forward in line.nets.items() if name is network), Forward())


def _set_once(case: Case, network: Network, iccid: Iccid | None) -> None:
    if net(case, network).generation == 0:
        set_net(case, network, iccid)


def _clear_held(case: Case, network: Network, iccid: Iccid | None) -> bool:
    holder = case.holder
    case.holder = with_(holder, holds=(), letters=frozenset())
    cleared = clear_net(case, network, iccid)
    case.holder = holder
    return cleared


def same_key(*effects: str) -> Callable[[Case, str, int], Key]:
    """The key of the request before, for these effects, where nobody knows what came of that."""

    def key(case: Case, effect: str, attempt: int) -> Key:
        ask = case.line.asks.get(effect)
        next_one = ask is not None and ask.state is AskState.UNKNOWN and attempt == ask.attempt + 1
        return ask.key if ask is not None and next_one and effect in effects else _key(case, effect, attempt)

    return key


def _only_what_cannot_heal(case: Case, *, at_last: bool) -> bool:  # noqa: ARG001 - as the desk asks
    return _recall_reasons(case, at_last=False)


CUTTING: Final[dict[str, Guard]] = {
    # Orders.
    "nothing is ordered beside an order that may still take effect": Guard(
        instead("pending", no, "cutover", "undo"), story="G19"
    ),
    "what became of an order is asked before it is ordered again": Guard(
        instead("_unknown", no, "cutover"), story="G20"
    ),
    "an order that nobody answers is asked about": Guard(
        instead("ask_port", nothing, "cutover"), "voice", ("unheard cutover.execute-port",)
    ),
    "a port that takes too long is asked about": Guard(instead("watch", nothing, "cutover", "batch"), "voice", (), 0),
    "a port that was refused is ordered again only after a pause": Guard(
        instead("paused", no, "execution", "batch"), story="G21"
    ),
    "an order under way is taken back when the gate closes": Guard(case_instead("order", _none_back), story="G22"),
    # A batch.
    "a booking that must not run is recalled": Guard(instead("_recall_reasons", no, "batch"), story="G23"),
    "what may heal by itself recalls nothing before the last moment": Guard(
        instead("_recall_reasons", _whatever_fails, "batch"), story="G24"
    ),
    "whatever fails at the last moment recalls a booking": Guard(
        instead("_recall_reasons", _only_what_cannot_heal, "batch"), story="G25"
    ),
    "a recall that came to nothing is tried again": Guard(instead("_recall_again", no, "batch"), story="G26"),
    "a recall counts for its own booking": Guard(instead("_of_this_booking", yes, "batch"), story="G27"),
    "a single phone is booked before its SIM is proved": Guard(
        instead("PROVED_LATER", frozenset(), "cutover"), "booked-single-phone", (), 0
    ),
    "a batch that began without the port is over for it": Guard(instead("_batch_missed", no, "slot"), story="G28"),
    # A single phone.
    "a net is fresh before SIMs are changed": Guard(
        instead("net_fresh", yes, "insertion"), "booked-single-phone", ("forward-lost",)
    ),
    "SIMs are changed only once all but the proof holds": Guard(instead("REST", (), "cutover"), story="G29"),
    "SIMs are changed for a batch only while the net stands": Guard(instead("net_stands", yes, "batch"), story="G30"),
    "a SIM that stayed off until the recall is set up again": Guard(
        instead("mend_if_it_stayed_off", nothing, "batch", "insertion"), story="G31"
    ),
    "a SIM that was changed is tested before it is set up again": Guard(
        instead("stays_off", yes, "insertion"), story="G32"
    ),
    "a slot that came to nothing brings the old SIM back": Guard(
        instead("put_back_desk", nothing, "cutover"), story="G33"
    ),
    "a line that is given up brings the old SIM back": Guard(instead("put_back_at_once", nothing, "undo"), story="G34"),
    "a SIM that does not work is put into no phone": Guard(instead("sound", yes, "insertion"), story="G35"),
    "a SIM that was set up again goes in at the next slot": Guard(
        instead("_mend_once", nothing, "insertion"), "single-phone", ("drawn mute",)
    ),
    "a single phone has one try in a slot": Guard(instead("changed_back", _none, "cutover"), story="G36"),
    "a number that moved brings the new SIM into the one phone": Guard(
        instead("_insert", nothing, "aftercare"), "single-phone", ("drawn early",)
    ),
    # The net.
    "a net that was lost is set again": Guard(instead("set_net", _set_once, "net"), "voice", ("drawn forward-lost",)),
    "a net that was refused for a SIM not active is set once it is": Guard(
        instead("_since_active", nothing, "net"), story="G37"
    ),
    "a hold keeps the net": Guard(
        instead("clear_net", _clear_held, "undo", "aftercare"), "voice", ("withdrawn", "held"), 2
    ),
    "a clear on newer proof is another request": Guard(
        case_instead("key", same_key("clear-old", "clear-new")), "voice", ("unanswered cutover.clear-forward",)
    ),
    NET: Guard(instead("forward_on", _as_said, "net"), "voice", ("ported-back", "lost messages.send"), 2),
}
"""By what each makes sure of, in a sentence."""
