"""The one list of everything that can be said: closed unions, and the type's name to its class."""

from typing import Annotated, Final, get_args

from pydantic import Field, TypeAdapter

from events.base import Message, type_of
from events.control import AnswerFact, ControlFact, ProgrammeFact
from events.cutover import (
    BookPort,
    ClearForward,
    CutoverFact,
    EndOldLine,
    ExecutePort,
    RecallPort,
    SetForward,
    TestReachability,
    Withdraw,
)
from events.dispatch import CollectKit, DispatchFact, ShipKit
from events.enrolment import EnrolmentFact
from events.messages import MessageFact, SendMessage
from events.outcomes import Outcome
from events.people import PersonKnown
from events.places import PlaceFact, RosterFact, StockFact
from events.planning import PlanningFact, WaveFact
from events.porting import AskPort, CancelPort, PortFact, RebindPort, RequestPort
from events.sim import ActivateSim, BlockSim, ResetSim, SimFact

HolderFact = (
    EnrolmentFact
    | PlanningFact
    | PlaceFact
    | DispatchFact
    | SimFact
    | PortFact
    | CutoverFact
    | MessageFact
    | AnswerFact
    | ControlFact
)
"""What an employee or a shared line hears."""

AnyFact = HolderFact | WaveFact | StockFact | RosterFact | ProgrammeFact
"""What any inbox may hear."""

PortingCommand = RequestPort | AskPort | CancelPort | RebindPort
DispatchCommand = ShipKit | CollectKit | ActivateSim | ResetSim | BlockSim
CutoverCommand = (
    SetForward | ClearForward | TestReachability | ExecutePort | BookPort | RecallPort | EndOldLine | Withdraw
)
MessageCommand = SendMessage
AnyCommand = PortingCommand | DispatchCommand | CutoverCommand | MessageCommand
"""What the orchestrator may order, one union per worker."""

WORKERS: Final = {
    "porting": get_args(PortingCommand),
    "dispatch": get_args(DispatchCommand),
    "cutover": get_args(CutoverCommand),
    "messages": (SendMessage,),
}
"""Which worker carries out which command."""

WORKER_OF: Final[dict[type[Message], str]] = {command: worker for worker, kinds in WORKERS.items() for command in kinds}

FACTS: Final[TypeAdapter[AnyFact]] = TypeAdapter(Annotated[AnyFact, Field(discriminator="type")])
COMMANDS: Final[TypeAdapter[AnyCommand]] = TypeAdapter(Annotated[AnyCommand, Field(discriminator="type")])


def _by_type(*unions: object) -> dict[str, type[Message]]:
    return {type_of(kind): kind for union in unions for kind in get_args(union)}


FACT_TYPES: Final = _by_type(AnyFact)
COMMAND_TYPES: Final = _by_type(AnyCommand)
OUTCOME_TYPES: Final = _by_type(Outcome)
PEOPLE_TYPES: Final = {type_of(PersonKnown): PersonKnown}
TYPES: Final[dict[str, type[Message]]] = {**FACT_TYPES, **COMMAND_TYPES, **OUTCOME_TYPES, **PEOPLE_TYPES}
"""Every type that can be said."""
