"""The world of one line: what an act makes of it, what happens in it by itself, and what it then says.

Pure: no clock, no stream of chances, no input or output. The server runs it behind its doors, and so can anybody who
wants to explore what may happen to a line.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple, assert_never

from workers.providers.reports import Report
from workers.world import moving, networks, parcels, people, porting, sims
from workers.world.acts import (
    Act,
    Activate,
    Answer,
    Ask,
    Block,
    Book,
    Cancel,
    ClearForward,
    Collect,
    EndOldLine,
    Execute,
    Rebind,
    Recall,
    Request,
    Reset,
    Send,
    SetForward,
    Ship,
    Test,
    refused,
    step_of,
)
from workers.world.chances import Chances
from workers.world.leader import task_done
from workers.world.line import ActLine, Cause, Happening, LineWorld, Step, TruthLine, Turn
from workers.world.truth import answered_by

Truth = tuple[TruthLine | ActLine, ...]


class Acted(NamedTuple):
    """What came of an act. `repeated` is true when the reference was known and nothing was done again."""

    line: LineWorld
    answer: Answer
    reports: tuple[Report, ...]
    truth: Truth
    repeated: bool = False


class Happened(NamedTuple):
    """What came of the time that passed."""

    line: LineWorld
    reports: tuple[Report, ...]
    truth: Truth


HANDLERS: Final[dict[Step, Callable[[LineWorld, Happening, Chances], Turn]]] = {
    Step.PORT_ERROR: porting.found_wrong,
    Step.PORT_DELAYED: porting.delayed,
    Step.PORT_ANSWER: porting.answered,
    Step.PORT_EARLY: moving.early,
    Step.BATCH_RUNS: moving.batch_runs,
    Step.PORT_PERFORMED: moving.performed,
    Step.PORT_REBOUND: porting.rebound,
    Step.PORT_CANCELLED: porting.cancelled,
    Step.PORT_LAPSED: porting.lapsed,
    Step.PARCEL: parcels.scanned,
    Step.HANDED_OVER: parcels.hand_over,
    Step.SIM_INSERTED: sims.inserted,
    Step.SIM_ATTACHES: sims.attaches,
    Step.SIM_FAILED: sims.failed,
    Step.SIM_DIES: sims.dies,
    Step.SIM_DETACHED_TOLD: sims.detached_told,
    Step.SIM_BLOCKED: sims.block_told,
    Step.FORWARD_LOST: networks.forward_lost,
    Step.SLOT_ANSWERED: people.slot_answered,
    Step.NO_SHOW_TOLD: people.no_show_told,
    Step.KIT_RETURNED: parcels.kit_returned,
    Step.TASK_DONE: task_done,
    Step.SIM_PUT_BACK: sims.put_back,
    Step.SILENCE_NOTICED: people.silence_noticed,
    Step.KIT_BACK: parcels.kit_back,
}


def due(line: LineWorld) -> datetime | None:
    """When something happens next in this line's world by itself."""
    return line.agenda[0].due if line.agenda else None


def happen(line: LineWorld, until: datetime, chances: Chances) -> Happened:
    """All that is due until then, that moment included, in order."""
    reports: tuple[Report, ...] = ()
    truth: Truth = ()
    while line.agenda and line.agenda[0].due <= until:
        item = line.agenda[0]
        before = answered_by(line)
        line, said = HANDLERS[item.step](line._replace(agenda=line.agenda[1:]), item, chances)
        reports += said
        if (after := answered_by(line)) != before:
            cause = _cause_of_happening(line, item)
            truth += (TruthLine(item.at, after, cause),)
    return Happened(line, reports, truth)


def _cause_of_happening(line: LineWorld, item: Happening) -> Cause:
    """The command behind what happened, where there is one. A batch's port begins by the booking."""
    if item.step is Step.BATCH_RUNS and line.interrupted_by is not None:
        return line.interrupted_by
    return item.cause or Cause("world", item.step.name.lower().replace("_", "-"), iccid="")


def act(line: LineWorld, asked: Act, reference: str, at: datetime, chances: Chances) -> Acted:
    """What the world makes of this request. The same reference again is answered as before, and does nothing."""
    line, reports, truth = happen(line, at, chances)
    known = next(((what, answer) for key, what, answer in line.answered if key == reference), None)
    if known is not None:
        answer = replace(known[1], silent=False) if known[0] == asked else refused("reference_used_for_another_request")
        return Acted(line, answer, reports, truth, repeated=True)
    before = answered_by(line)
    line, answer = _dispatch(line, asked, reference, at, chances)
    if not answer.code and chances.hits(chances.rates.no_reply, line.line, "no-reply", step_of(reference)):
        answer = replace(answer, silent=True)
    line = line._replace(answered=(*line.answered, (reference, asked, answer)))
    cause = cause_of(asked, reference)
    if not answer.code and isinstance(asked, IRREVERSIBLE):
        truth += (ActLine(at, cause),)
    if (after := answered_by(line)) != before:
        truth += (TruthLine(at, after, cause),)
    return Acted(line, answer, reports, truth)


IRREVERSIBLE: Final = (Execute, Book, ClearForward, EndOldLine, Block)


def cause_of(asked: Act, reference: str) -> Cause:
    """The command as the cause of what follows, with the evidence that it names."""
    match asked:
        case Execute():
            return Cause("command", asked.name, reference, asked.evidence_at, asked.not_after, asked.iccid)
        case ClearForward():
            return Cause("command", asked.name, reference, asked.evidence_at, iccid=asked.iccid or "")
        case EndOldLine():
            return Cause("command", asked.name, reference, asked.evidence_at)
        case Book() | Rebind() | Block() | Reset() | Activate():
            return Cause("command", asked.name, reference, iccid=asked.iccid)
        case Request() | Ask() | Cancel() | Recall() | Ship() | Collect() | SetForward() | Test() | Send():
            return Cause("command", asked.name, reference)
        case _:
            assert_never(asked)


def _dispatch(line: LineWorld, asked: Act, reference: str, at: datetime, chances: Chances) -> tuple[LineWorld, Answer]:
    if isinstance(asked, Request | Ask | Cancel | Rebind | Execute | Book | Recall):
        return _at_the_porting_desk(line, asked, reference, at, chances)
    return _elsewhere(line, asked, reference, at, chances)


def _at_the_porting_desk(
    line: LineWorld,
    asked: Request | Ask | Cancel | Rebind | Execute | Book | Recall,
    reference: str,
    at: datetime,
    chances: Chances,
) -> tuple[LineWorld, Answer]:
    match asked:
        case Request():
            return porting.request(line, asked, reference, at, chances)
        case Ask():
            return porting.ask(line, asked, at)
        case Cancel():
            return porting.cancel(line, asked, at)
        case Rebind():
            return porting.rebind(line, asked, at)
        case Execute():
            return moving.execute(line, asked, reference, at, chances)
        case Book():
            return moving.book(line, asked, reference, at)
        case Recall():
            return moving.recall(line, asked, at)
        case _:
            assert_never(asked)


def _elsewhere(
    line: LineWorld,
    asked: Activate | Reset | Block | Ship | Collect | SetForward | ClearForward | EndOldLine | Test | Send,
    reference: str,
    at: datetime,
    chances: Chances,
) -> tuple[LineWorld, Answer]:
    match asked:
        case Activate():
            return sims.activate(line, asked, at, chances)
        case Reset():
            return sims.reset(line, asked, at, chances)
        case Block():
            return sims.block(line, asked, at, chances)
        case Ship():
            return parcels.ship(line, asked, reference, at, chances)
        case Collect():
            return parcels.collect(line, asked, reference, at, chances)
        case SetForward():
            return networks.set_forward(line, asked, at, chances)
        case ClearForward():
            return networks.clear_forward(line, asked)
        case EndOldLine():
            return networks.end_old_line(line, asked)
        case Test():
            return networks.test(line, asked, at, chances)
        case Send():
            return people.receive(line, asked, reference, at, chances)
        case _:
            assert_never(asked)
