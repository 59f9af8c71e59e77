"""Messages to people. Names and addresses are looked up in `people` by the worker; none of them stands here."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from events.base import Answer, Command, PersonId, TaskId


class Role(StrEnum):
    """Who in the programme acts or is told."""

    PROJECT_LEADER = "project_leader"
    LOGISTICS = "logistics"
    OPS = "ops"
    SUPERUSER = "superuser"
    TEAM_LEAD = "team_lead"


class Template(StrEnum):
    """Which message."""

    INVITATION = "invitation"
    SECOND_INVITATION = "second-invitation"
    INSERT_SIM = "insert-sim"
    PUT_BACK = "put-back"  # the old SIM goes back into the phone: the move does not go on today
    MOVED = "moved"  # your slot is now then
    REACHED = "reached"  # your number works on the new phone
    SMS_LATER = "sms-later"
    OLD_KIT = "old-kit"
    NEW_KIT = "new-kit"  # the line does not move: send the new kit back
    DISTURBED = "disturbed"  # your number does not reach you; what we do about it
    TASK = "task"


class SendMessage(Command):
    """Write to a person, or to whoever has a role."""

    type: Literal["nl.naadloos.messages.send.v1"] = "nl.naadloos.messages.send.v1"
    template: Template
    to: PersonId | Role
    task: TaskId | None = None
    details: dict[str, str] = Field(default_factory=dict)


class MessageSent(Answer):
    """The message is on its way."""

    type: Literal["nl.naadloos.messages.sent.v1"] = "nl.naadloos.messages.sent.v1"
    maybe_twice: bool = False


MessageFact = MessageSent
