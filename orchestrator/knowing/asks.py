"""What became of our commands: the newest of each effect, and its answer."""

from datetime import datetime
from typing import assert_never

from events.base import Answer, Iccid, IrreversibleCommand, attempt_of, effect_of
from events.control import (
    AnswerFact,
    CommandDone,
    CommandLapsed,
    CommandRefused,
    CommandWithdrawn,
    OutcomeUnknown,
    WithdrawalLate,
)
from events.cutover import (
    BookPort,
    ClearForward,
    EndOldLine,
    ExecutePort,
    RecallPort,
    SetForward,
    TestReachability,
    Withdraw,
)
from events.dispatch import CollectKit, ShipKit
from events.messages import SendMessage
from events.porting import AskPort, CancelPort, RebindPort, RequestPort
from events.registry import AnyCommand
from events.sim import ActivateSim, BlockSim, ResetSim
from orchestrator.record import Ask, AskState, Line, with_

SETTLED = (AskState.DONE, AskState.REFUSED, AskState.LAPSED, AskState.WITHDRAWN)
NOTHING_DONE = (AskState.LAPSED, AskState.WITHDRAWN)


def about(command: AnyCommand) -> str:
    """What a command is about, so that one about another slot or SIM is another ask."""
    match command:
        case ExecutePort() | BookPort():
            return command.slot.start.isoformat()
        case SetForward():
            return forward_of(command.generation, command.iccid)
        case ClearForward():
            return str(command.generation)
        case SendMessage():
            return command.details.get("about", "")
        case RequestPort() | RebindPort() | ShipKit() | ActivateSim() | ResetSim() | BlockSim() | TestReachability():
            return command.iccid
        case AskPort() | CancelPort() | RecallPort():
            return command.dossier
        case CollectKit():
            return command.iccid or ""
        case EndOldLine() | Withdraw():
            return ""
        case _:
            assert_never(command)


def forward_of(generation: int, iccid: Iccid | None) -> str:
    """What a forward is about: another SIM is another forward."""
    return f"{generation} {iccid}" if iccid else str(generation)


def asked(line: Line, command: AnyCommand, at: datetime) -> Line:
    """A command left in a journal record: it is asked, whether or not it arrived yet."""
    if isinstance(command, Withdraw):
        return _taken_back(line, command)
    effect, attempt = effect_of(command.key), attempt_of(command.key)
    before, what = line.asks.get(effect), about(command)
    ask = Ask(
        key=command.key,
        attempt=attempt,
        at=at,
        tries=before.tries + 1 if before and before.about == what else 1,
        not_after=command.not_after if isinstance(command, IrreversibleCommand) else None,
        about=what,
        unsure=before is not None and before.key == command.key and _nobody_knows(before),
    )
    return with_(line, asks={**line.asks, effect: ask})


def _taken_back(line: Line, command: Withdraw) -> Line:
    for effect, ask in line.asks.items():
        if ask.key == command.target:
            return with_(line, asks={**line.asks, effect: with_(ask, withdrawal=True)})
    return line


def settle(
    line: Line, answer: Answer, state: AskState, at: datetime, code: str = "", *, again_at: datetime | None = None
) -> Line:
    """A command was answered. An answer about an older attempt changes nothing; what is settled stays so.

    That nothing was done can be said of one asking alone. Where the key was asked before and nobody knew what came of
    it, it stays unknown: another key would have it done once more.
    """
    effect = effect_of(answer.key)
    ask = line.asks.get(effect)
    if ask is None or ask.key != answer.key or ask.state in SETTLED:
        return line
    if state in NOTHING_DONE and _nobody_knows(ask):
        state = AskState.UNKNOWN
    return with_(
        line, asks={**line.asks, effect: with_(ask, state=state, answered_at=at, code=code, again_at=again_at)}
    )


def _nobody_knows(ask: Ask) -> bool:
    return ask.state is AskState.UNKNOWN or ask.unsure


def heard_answer(line: Line, fact: AnswerFact, at: datetime) -> Line:
    """One of the answers that say no more than what became of the command."""
    match fact:
        case CommandDone():
            return settle(line, fact, AskState.DONE, at)
        case CommandRefused():
            return settle(line, fact, AskState.REFUSED, at, fact.code)
        case CommandLapsed():
            return settle(line, fact, AskState.LAPSED, at)
        case CommandWithdrawn():
            return settle(line, fact, AskState.WITHDRAWN, at)
        case OutcomeUnknown():
            return settle(line, fact, AskState.UNKNOWN, at, again_at=fact.again_at)
        case WithdrawalLate():
            return settle(line, fact, AskState.UNKNOWN, at)
        case _:
            assert_never(fact)
