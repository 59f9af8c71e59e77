"""What leaves once a decision is in the journal: commands to workers, facts to other subjects, dead letters.

Their ids come from the place of the decision in the journal, so that publishing them again says nothing new.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from events.codec import encode
from events.envelope import Said
from events.registry import WORKER_OF
from workers.journal.record import SOURCE, Entry
from workers.runtime.letters import Found, headers_of
from workers.runtime.topics import COMMAND_TOPICS, TopicName


@dataclass(frozen=True, slots=True)
class Output:
    """One record to publish."""

    topic: TopicName
    key: bytes
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


def outputs(entry: Entry, partition: int) -> Iterator[Output]:
    """All that this decision has to say to others."""
    cause = entry.heard.id if entry.heard else ""
    trace = entry.heard.trace if entry.heard else ""
    place = f"{partition}/{entry.link.offset}"
    for number, command in enumerate(entry.decision.commands):
        said = Said(
            id=f"c/{place}/{number}",
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
            id=f"t/{place}/{number}",
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
    headers = headers_of(
        found,
        reason=entry.unread.reason,
        detail=entry.unread.detail,
        worker="decider",
        code=entry.code,
        at=entry.at,
    )
    return Output("dead-letters", found.key or b"", found.value or b"", headers)
