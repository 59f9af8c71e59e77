"""The safety net: a forward "when not reachable" on both networks, so that a caller reaches somebody whatever fails."""

from events.base import Iccid, Key
from events.cutover import ClearForward, Network, SetForward
from events.messages import Role
from events.outcomes import TaskKind
from events.planning import Slot
from orchestrator.deciding.case import PAUSE, Case
from orchestrator.knowing.asks import forward_of
from orchestrator.knowing.cutover import forward_on
from orchestrator.knowing.dispatch import sim
from orchestrator.reasons import Reason
from orchestrator.record import AskState, Forward


def net(case: Case, network: Network) -> Forward:
    """Our forward on this network."""
    return forward_on(case.line, network)


def net_stands(case: Case) -> bool:
    """Whether the net is confirmed on both networks, and leads where it should."""
    forwards = (net(case, Network.OLD), net(case, Network.NEW))
    standing = all(forward.stands() and forward.target == case.enrolled.net for forward in forwards)
    return standing and forwards[1].iccid in {None, case.expected}


def maybe_standing(case: Case) -> bool:
    """Whether a forward was ordered on the new network of which nobody said yet that it stands or was refused."""
    ask = case.asked("forward-new")
    return ask is not None and ask.state in {AskState.ASKED, AskState.UNKNOWN}


def net_desk(case: Case, slot: Slot) -> None:
    """Set the net some time before the slot; set it again, as a newer generation, when it was lost."""
    from_ = slot.start - case.terms.net_before
    if case.now < from_:
        case.look(from_)
        return
    set_net(case, Network.OLD, None)
    set_net(case, Network.NEW, case.in_hand)
    if not net_stands(case):
        case.wait(Reason.NET_NOT_SET, since=from_)


def net_fresh(case: Case) -> bool:
    """Whether the net on the old network was confirmed as shortly ago as a proof may be; else it is set anew.

    A network may lose it without a word, and nothing else answers while a single phone changes SIMs.
    """
    known = net(case, Network.OLD)
    if known.stands() and known.set_at is not None and case.now - known.set_at <= case.evidence_limit:
        return True
    _order(case, Network.OLD, None)
    case.wait(Reason.NET_NOT_SET, since=known.set_at)
    return False


def set_net(case: Case, network: Network, iccid: Iccid | None) -> None:
    """Order the forward on this network, unless it stands."""
    known = net(case, network)
    led_right = known.target == case.enrolled.net and (iccid is None or known.iccid in {None, iccid})
    if not (known.stands() and led_right):
        _order(case, network, iccid)


def _order(case: Case, network: Network, iccid: Iccid | None) -> None:
    """Order the next generation of the forward, once, and again after a pause."""
    known, target = net(case, network), case.enrolled.net
    if target is None:
        case.need(TaskKind.MEND_NET, Role.PROJECT_LEADER, Reason.NET_NOT_SET)
        return
    effect, generation = f"forward-{network}", known.generation + 1
    about = forward_of(generation, iccid)
    often = case.refused_often(effect, about)
    if often:
        case.need(TaskKind.MEND_NET, Role.PROJECT_LEADER, Reason.NET_NOT_SET)
    pause = case.terms.retest_daily if often else PAUSE
    if key := _since_active(case, effect, about, iccid) or case.due(effect, about, pause=pause, anew=True):
        case.order(
            SetForward(
                key=key,
                line=case.line.id,
                network=network,
                number=case.enrolled.number,
                iccid=iccid,
                target=target,
                generation=generation,
            )
        )


def _since_active(case: Case, effect: str, about: str, iccid: Iccid | None) -> Key | None:
    """A network that refused while the SIM was not active is asked again as soon as it is."""
    ask, active_at = case.asked(effect, about), sim(case.line, iccid).active_at if iccid else None
    if ask is None or ask.state is not AskState.REFUSED or active_at is None or ask.answered_at is None:
        return None
    again = ask.at < active_at or (ask.tries == 1 and ask.at == active_at)
    return case.key(effect, ask.attempt + 1) if again else None


def clear_net(case: Case, network: Network, iccid: Iccid | None) -> bool:
    """Take the net away on this network, on fresh proof of the handset alone; whether it is gone (gate rules 4 and 12).

    The caller has made sure of the proof. A clear is never sent again: what became of it is looked at anew.
    """
    known = net(case, network)
    if not known.stands():
        return True
    effect = f"clear-{network}"
    proof = sim(case.line, iccid).test if iccid else None
    if proof is None or case.held() or case.holder.unread:
        case.wait(Reason.ON_HOLD if case.held() else Reason.UNREAD_MESSAGE)
        return False
    if key := case.due(effect, str(known.generation), pause=case.terms.patience, anew=True):
        case.order(
            ClearForward(
                key=key,
                line=case.line.id,
                network=network,
                number=case.enrolled.number,
                iccid=iccid,
                generation=known.generation,
                restore=known.before,
                evidence_at=proof.at,
                not_after=min(case.now + case.terms.not_after, proof.at + case.evidence_limit),
            )
        )
    case.wait(Reason.NET_TO_CLEAR)
    return False
