"""Which part of Naadloos says what into which topic, and which reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from events.base import Answer, Message
from events.control import TimeCome
from events.registry import COMMAND_TYPES, FACT_TYPES, PEOPLE_TYPES, WORKER_OF, WORKERS
from workers.runtime.topics import COMMAND_TOPICS, TopicName

Kinds = dict[str, type[Message]]
"""Message classes by type."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """One part sends to, or receives from, one topic."""

    part: str
    action: Literal["send", "receive"]
    topic: TopicName
    why: str
    only: Callable[[type[Message]], bool] | None = None
    """Which of the topic's messages; all of them where None."""


def carried(topic: TopicName) -> Kinds:
    """The CloudEvents that stand in a topic. None for `journal` and `dead-letters`, which hold records of their own."""
    if topic == "inbox":
        return FACT_TYPES
    if topic == "people":
        return dict(PEOPLE_TYPES)
    worker = topic.removeprefix("commands.")
    return {name: kind for name, kind in COMMAND_TYPES.items() if WORKER_OF[kind] == worker}


def _is_answer(kind: type[Message]) -> bool:
    return issubclass(kind, Answer)


def _is_time(kind: type[Message]) -> bool:
    return kind is TimeCome


def _worker(name: str) -> tuple[Traffic, ...]:
    said = "what became of the commands"
    return (
        Traffic(part=name, action="receive", topic=COMMAND_TOPICS[name], why="commands to carry out"),
        Traffic(part=name, action="send", topic="inbox", why=said, only=_is_answer),
        Traffic(part=name, action="send", topic="dead-letters", why="commands that could not be read or done"),
    )


def _decider() -> tuple[Traffic, ...]:
    return (
        Traffic(part="decider", action="receive", topic="inbox", why="every fact, in the order of its subject"),
        Traffic(part="decider", action="send", topic="inbox", why="what one subject tells another"),
        Traffic(part="decider", action="send", topic="journal", why="one record per record of the inbox"),
        *(
            Traffic(part="decider", action="send", topic=topic, why="commands, after the journal has them")
            for topic in COMMAND_TOPICS.values()
        ),
        Traffic(part="decider", action="send", topic="dead-letters", why="facts that could not be read or decided"),
    )


TRAFFIC: Final = (
    *_decider(),
    *(traffic for name in WORKERS for traffic in _worker(name)),
    Traffic(part="messages", action="receive", topic="people", why="whom to write to, and where"),
    Traffic(part="clock", action="receive", topic="journal", why="who must be looked at again, and when"),
    Traffic(part="clock", action="send", topic="inbox", why="that the time has come", only=_is_time),
    Traffic(part="monitor", action="receive", topic="journal", why="whether a decision breaks a promise"),
    Traffic(part="adapters", action="receive", topic="journal", why="whose dossier, number, ICCID or bar code it is"),
    Traffic(part="adapters", action="send", topic="inbox", why="what counterparts reported, as facts of our own"),
    Traffic(part="operator", action="send", topic="inbox", why="the import, the plan, and what people order"),
    Traffic(part="operator", action="send", topic="people", why="names and addresses of the import"),
    Traffic(part="operator", action="receive", topic="journal", why="what status, watch and explain show"),
    Traffic(part="operator", action="receive", topic="dead-letters", why="what a person must look at"),
)
"""Every reading and writing of a topic, by part."""
