"""The guards after the port or the end of an old line, and of lines that do not move after all."""

from typing import Final

from events.cutover import Network
from orchestrator.deciding import aftercare
from orchestrator.deciding.case import Case
from orchestrator.deciding.evidence import after, contrary_at
from orchestrator.deciding.net import clear_net, net
from orchestrator.record import Sim
from workers.verify.guards.cutting import same_key
from workers.verify.guards.guard import Guard, case_instead, instead, no, nothing, yes


def _on_any_number(case: Case, known: Sim) -> bool:
    test = known.test
    return test is not None and test.passed and after(test.at, contrary_at(case.line, known))


def _whoever_approved(case: Case, _: Sim) -> bool:
    return case.line.approved_by is not None


def _unproved_down(case: Case) -> bool:
    for network in Network:
        if net(case, network).stands():
            clear_net(case, network, case.in_hand)
            return False
    return True


def _close_at_once(case: Case, known: Sim) -> None:
    if not net(case, Network.NEW).stands():
        aftercare._close(case)  # noqa: SLF001 - the act that is guarded
    else:
        clear_net(case, Network.NEW, known.iccid)


AFTER: Final[dict[str, Guard]] = {
    # After the port.
    "a number is proved by a test on itself": Guard(instead("proved", _on_any_number, "aftercare"), "voice", (), 0),
    "what cuts a moved number off is an incident": Guard(
        instead("_incidents", nothing, "aftercare"), "voice", ("drawn early",)
    ),
    "whoever may be cut off is told": Guard(instead("tell_of_incidents", nothing, "aftercare", "endline"), story="S27"),
    "an incident closes once the number is proved": Guard(
        case_instead("close_incidents", nothing), "voice", ("drawn early",)
    ),
    "a SIM is made active for a number that came before it": Guard(instead("_wake", nothing, "aftercare"), story="G49"),
    "a moved number that does not answer gets its SIM mended": Guard(
        instead("mend", nothing, "aftercare"), story="G50"
    ),
    "a moved line is tested every day": Guard(instead("_watch_daily", nothing, "aftercare"), story="G85"),
    "a net lost after the port is set again": Guard(instead("_renew_net", nothing, "aftercare"), story="G51"),
    "a line is not done while its net is under way": Guard(instead("_net_under_way", no, "aftercare"), story="G52"),
    "the net goes on a fresh test alone": Guard(instead("_finish", _close_at_once, "aftercare"), "voice", (), 0),
    "texts that stay away are a person's task": Guard(instead("_sms", yes, "aftercare"), story="S37"),
    "places on duty rosters are given back": Guard(instead("return_places", nothing, "aftercare", "undo"), story="G53"),
    # What was over.
    "a number that came back is an incident": Guard(instead("_came_back", nothing, ""), "voice", ("ported-back",)),
    "a number that moved after all is seen to": Guard(instead("moved_after_all", no, ""), story="G54"),
    "a line that was done is opened again": Guard(instead("reopened", no, ""), story="G55"),
    "a number deactivated is an incident": Guard(instead("_deactivated", nothing, ""), "voice", ("deactivated",)),
    "a number deactivated after its move is an incident": Guard(instead("_afterwards", nothing, ""), story="G56"),
    # A line that does not move after all.
    "a line that was stopped does not move on": Guard(instead("withdrawn", nothing, ""), "voice", ("dropped",)),
    "the old phone is proved before its net goes": Guard(
        instead("_nets_down", _unproved_down, "undo"), "voice", ("withdrawn",)
    ),
    "the net goes before a line ends": Guard(instead("_nets_down", yes, "undo"), story="G57"),
    "the kit of a line that does not move comes back": Guard(instead("_fetch_back", nothing, "undo"), story="S42"),
    # The end of an old line.
    "a lost SIM of a data line is an incident": Guard(instead("_silenced", nothing, "endline"), "data", ("lost",)),
    "an approval counts for the SIM it was given for": Guard(
        instead("_approved", _whoever_approved, "endline"), story="G58"
    ),
    "an end on newer proof is another request": Guard(case_instead("key", same_key("end-old-line")), story="G59"),
    "a line with an open request is not ended by notice": Guard(instead("cancel", yes, "endline"), story="G60"),
    "a replacement is watched for some days": Guard(instead("_after_care", nothing, "endline"), "data", (), 0),
    "a replacement is proved again once the old line ended": Guard(
        instead("_after_end", nothing, "endline"), "data", (), 0
    ),
}
"""By what each makes sure of, in a sentence."""
