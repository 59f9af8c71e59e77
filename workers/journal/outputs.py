"""What leaves once a decision is in the journal: commands to workers, facts to other subjects, dead letters.

Their ids come from the place of the decision in the journal, so that publishing them again says nothing new.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from events.codec import encode
from events.envelope import Said
from events.registry import WORKER_OF
from workers.journal.record import SOURCE, Entry
from workers.runtime.letters import Found, headers_of, in_a_letter
from workers.runtime.topics import COMMAND_TOPICS, TopicName


@dataclass(frozen=True, slots=True)
class Output:
    """One record to publish."""

    topic: TopicName
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def command_id(partition: int, offset: int, number: int) -> str:
    """The id of a command: by the record on which it was decided, so that it is the same however often it is said."""
    return f"c/{partition}/{offset}/{number}"


def tell_id(partition: int, offset: int, number: int) -> str:
    """The id of what that decision says to another subject."""
    return f"t/{partition}/{offset}/{number}"


def outputs(entry: Entry, partition: int) -> Iterator[Output]:
    """All that this decision has to say to others."""
    cause = entry.heard.id if entry.heard else ""
    trace = entry.heard.trace if entry.heard else ""
    for number, command in enumerate(entry.decision.commands):
        said = Said(
            id=command_id(partition, entry.link.offset, number),
            source=SOURCE,
            subject=entry.subject,
            time=entry.at,
            recorded=entry.at,
            message=command,
            correlation=entry.subject,
            causation=cause,
            trace=trace,
        )
        topic = COMMAND_TOPICS[WORKER_OF[type(command)]]
        yield Output(topic, entry.subject.encode(), encode(said))
    for number, tell in enumerate(entry.decision.tells):
        fact = Said(
            id=tell_id(partition, entry.link.offset, number),
            source=SOURCE,
            subject=tell.to,
            time=entry.at,
            recorded=entry.at,
            message=tell.fact,
            correlation=entry.subject,
            causation=cause,
            trace=trace,
        )
        yield Output("inbox", tell.to.encode(), encode(fact))


def dead_letter(entry: Entry, found: Found) -> Output:
    """The record that could not be read or decided on (`entry.unread`), as it was found, and why."""
    assert entry.unread is not None
    found = in_a_letter(found)
    headers = headers_of(
        found,
        reason=entry.unread.reason,
        detail=entry.unread.detail,
        worker="decider",
        code=entry.code,
        at=entry.at,
    )
    return Output("dead-letters", found.key or b"", found.value or b"", headers)
