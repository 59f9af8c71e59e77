"""The guards of the desks before the port: kit, SIM, request, slot, and what waits for anybody."""

from datetime import datetime
from typing import Final

from events.base import Dossier
from events.messages import Role
from events.outcomes import TaskKind
from events.porting import AskPort
from orchestrator.deciding import port
from orchestrator.deciding.case import Case
from orchestrator.deciding.port import ask_port, cancel
from orchestrator.reasons import Reason
from orchestrator.record import Sim, with_
from workers.verify.guards.guard import Guard, case_instead, instead, no, nothing, yes


def _was_active(sim: Sim) -> bool:
    return sim.active_at is not None


def _at_once(case: Case, _: object) -> datetime:
    return case.now


def _cancel_once(case: Case) -> bool:
    over = cancel(case)
    case.commands[:] = [command for command in case.commands if not isinstance(command, AskPort)]
    case.needed.pop(TaskKind.WATCH_CANCEL, None)
    return over


def _ask_now(case: Case, dossier: Dossier, *, at: datetime) -> None:  # noqa: ARG001 - as the desk asks
    ask = case.asked("ask-port", dossier)
    ask_port(case, dossier, at=max(case.now, ask.at) if ask else case.now)


def _uncorrected(case: Case) -> None:
    if case.expected is not None:
        port._send(case, case.expected, case.line.port.attempt + 1)  # noqa: SLF001 - the act that is guarded


_open = Case._open  # noqa: SLF001 - what is taken out is known by its own name alone


def _open_once(case: Case, kind: TaskKind, role: Role, reason: Reason) -> None:
    if case.task(kind) is None:
        _open(case, kind, role, reason)


def _held_or_not(case: Case) -> None:
    holder = case.holder
    case.holder = with_(holder, holds=())
    port.port_desk(case)
    case.holder = holder


DESKS: Final[dict[str, Guard]] = {
    # Kits.
    "the SIM that carries a line is not blocked on a word": Guard(
        instead("carrying", nothing, "kit"), "data", ("thought-lost",)
    ),
    "a lost SIM is blocked": Guard(instead("_block_lost", nothing, "kit"), story="S16"),
    "a parcel that was lost is replaced": Guard(instead("parcel_gone", no, "kit"), story="S19"),
    "a box with a SIM that will not do is replaced": Guard(instead("_box_wasted", no, "kit"), story="G38"),
    "a SIM that never gets onto the network is replaced": Guard(instead("never_attached", no, "kit"), story="S24"),
    "a kit with another SIM is settled by a person": Guard(
        instead("mismatched", nothing, "kit"), "voice", ("drawn wrong-sim",)
    ),
    "a parcel that nobody scans is chased": Guard(
        instead("_watch_parcel", nothing, "kit"), "voice", ("drawn parcel-neighbour",)
    ),
    "a wrong handset is put right in the books": Guard(
        instead("watch_asset", nothing, "kit", "aftercare"), story="S23"
    ),
    "a SIM that is lost, blocked or worn out is replaced": Guard(
        instead("unusable", no, "kit", "aftercare"), "voice", ("lost",)
    ),
    # SIMs.
    "how the port stands is known before a SIM is set up again": Guard(instead("_port_known", yes, "sim"), story="G39"),
    "a SIM that was set up again must be made active again": Guard(
        instead("active", _was_active, "gate", "sim", "insertion", "aftercare", "evidence"), story="G40"
    ),
    "a SIM is tested before it is set up again": Guard(
        instead("stays_off", yes, "sim"), "machine", ("lost sim.attached",)
    ),
    "a SIM that fails its tests is set up again": Guard(
        instead("mend", nothing, "sim", "aftercare", "insertion"), "voice", ("drawn mute",)
    ),
    "a test that failed is made again on a timer": Guard(instead("retest_at", _at_once, "sim"), "voice", ("lost",)),
    "a test at the instant of what speaks against it is made anew a little later": Guard(
        instead("renewed_at", _at_once, "sim", "aftercare"), "voice", ("reported",)
    ),
    "a proof is made anew for the slot": Guard(instead("renewal_at", nothing, "sim"), "voice", (), 0),
    # The request.
    "no request is sent while somebody holds the line": Guard(instead("port_desk", _held_or_not, ""), story="G41"),
    "an answer that stays away is chased": Guard(
        instead("_await_answer", nothing, "port"), "voice", ("drawn unanswered",)
    ),
    "a request of unknown outcome is asked about": Guard(
        instead("_await_receipt", nothing, "port"), "voice", ("unheard porting.request",)
    ),
    "a word by the way is asked for in full": Guard(instead("_ask_about_hint", nothing, "port"), story="G42"),
    "a provider is asked only once its answer is overdue": Guard(
        instead("ask_port", _ask_now, "port", "cutover", "execution", "batch", "sim"), story="S13"
    ),
    "a refused request is not sent as it was": Guard(instead("_await_correction", _uncorrected, "port"), story="S03"),
    "a withdrawal that nobody confirms is chased": Guard(
        instead("cancel", _cancel_once, "port", "undo", "endline"), story="S32"
    ),
    "a line ends only once its request is withdrawn": Guard(instead("cancel", yes, "undo"), story="S33"),
    "the order is bound to the SIM that is meant": Guard(
        instead("bind_desk", nothing, "port", "aftercare"), "voice", ("thought-lost",)
    ),
    "an acceptance that ran out is asked for anew": Guard(instead("_renew", nothing, "port"), story="S15"),
    "an acceptance that runs out is told in time": Guard(instead("_warn", nothing, "port"), story="S15"),
    "a date far off is brought nearer": Guard(instead("_earlier", no, "port"), story="S14"),
    # The slot.
    "another slot is asked for when one will not do": Guard(
        instead("_ask_for_another", nothing, "slot"), "voice", ("absent",)
    ),
    "nobody is invited to slots that come to nothing": Guard(instead("_in_vain", no, "slot"), story="G43"),
    "whoever missed two slots is asked by the team lead": Guard(instead("_too_often", no, "slot"), story="G44"),
    "a wave that hands out no slot is told of": Guard(instead("_await_round", nothing, "slot"), story="G45"),
    "a person is asked whether the slot will do": Guard(instead("_agree", nothing, "slot"), "voice", (), 0),
    # Whoever is waited for.
    "a task is told again": Guard(case_instead("_remind", nothing), "critical", ("lost messages.send",)),
    "a task that is needed all the same is opened again": Guard(case_instead("_open", _open_once), story="G46"),
    "a worker that does not answer is told of": Guard(case_instead("watch_workers", nothing), story="G47"),
    "a number reported unreachable gets its net at once": Guard(instead("_reported", nothing, ""), story="G48"),
}
"""By what each makes sure of, in a sentence."""
