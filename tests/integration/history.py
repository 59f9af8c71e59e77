"""The history that processes left on Kafka, read raw and judged by a chain rule of its own, however they died."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from confluent_kafka import Message, TopicPartition

from events.base import SubjectId
from orchestrator.subjects import State
from workers.journal.fold import Fold
from workers.journal.outputs import dead_letter, outputs
from workers.journal.reading import consumer, end_of, found_of
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import COMMAND_TOPICS, TopicName, topic_name


def by_partition(settings: Settings, topic: TopicName) -> dict[int, list[Message]]:
    """Everything that stands in the topic now."""
    client, name = consumer(settings), topic_name(settings, topic)
    read: dict[int, list[Message]] = {partition: [] for partition in range(settings.partitions)}
    try:
        left = sum(end_of(client, name, partition) for partition in read)
        client.assign([TopicPartition(name, partition, 0) for partition in read])
        while left > 0:
            for message in client.consume(left, 0.1):
                assert message.error() is None
                read[message.partition()].append(message)
                left -= 1
        return read
    finally:
        client.close()


def everything(settings: Settings, topic: TopicName) -> list[Message]:
    """Everything that stands in the topic now, partition by partition."""
    return [message for messages in by_partition(settings, topic).values() for message in messages]


def accepted(journal: list[Message]) -> Iterator[bytes]:
    """The records that follow each other from the beginning."""
    head: tuple[int, str] = (-1, "")
    for value in (cast("bytes", message.value()) for message in journal):
        data = json.loads(value)["data"]
        if (data["prev"], data["prev_hash"]) == head:
            head = (data["offset"], hashlib.blake2b(value, digest_size=16).hexdigest())
            yield value


@dataclass
class History:
    """What was asked, what was decided, and what came of it, on all partitions."""

    records: int = 0
    ignored: int = 0
    duplicates: int = 0
    repeats: int = 0
    wrong: list[str] = field(default_factory=list)
    """What breaks a promise; empty when all is well."""
    states: dict[SubjectId, State] = field(default_factory=dict)
    commands: int = 0


def history(settings: Settings) -> History:
    """Judge it: each record decided once, as one fold alone decides it; all that it decided said, and nothing else."""
    past = History()
    due: dict[str, dict[str, bytes]] = defaultdict(dict)
    inbox, journal = by_partition(settings, "inbox"), by_partition(settings, "journal")
    for partition in inbox:
        _judge(Fold(partition, terms_of(settings)), inbox[partition], journal[partition], past, due)
    for topic in ("inbox", "dead-letters", *COMMAND_TOPICS.values()):
        _said(past, topic, due[topic], everything(settings, topic))
    return past


def _judge(
    alone: Fold, inbox: list[Message], journal: list[Message], past: History, due: dict[str, dict[str, bytes]]
) -> None:
    partition = alone.partition
    chain = list(accepted(journal))
    past.records += len(inbox)
    past.ignored += len(journal) - len(chain)
    decided = [json.loads(value)["data"]["offset"] for value in chain]
    if decided != list(range(len(inbox))):
        past.wrong.append(
            f"{partition}: {len(inbox)} records, {len(decided)} decided, {len(set(decided))} of them once"
        )
    if decided != list(range(len(decided))):
        return
    for message, value in zip(inbox, chain, strict=False):
        at = datetime.fromisoformat(json.loads(value)["data"]["at"])
        same, entry = alone.decide(message.value(), key=cast("bytes", message.key()), offset=alone.offset + 1, now=at)
        past.duplicates += entry.duplicate
        if _but_for_the_code(same) != _but_for_the_code(value):
            past.wrong.append(f"{partition}/{entry.link.offset} was not decided as one fold alone decides it")
        for output in outputs(entry, partition):
            due[output.topic][json.loads(output.value)["id"]] = output.value
        if entry.unread is not None:
            letter = dead_letter(entry, found_of(message, "inbox"))
            due[letter.topic][f"{partition}/{entry.link.offset}"] = letter.value
    past.states.update(alone.states)


def _but_for_the_code(value: bytes) -> dict[str, object]:
    """What a record says, without which code said it: a fingerprint, which the hash of the record before holds too."""
    data: dict[str, object] = json.loads(value)["data"]
    return {name: said for name, said in data.items() if name not in {"code", "prev_hash"}}


def _said(past: History, topic: TopicName, due: dict[str, bytes], said: list[Message]) -> None:
    there: dict[str, bytes] = {}
    for message in said:
        id_, value = _name(topic, message), cast("bytes", message.value())
        if topic == "inbox" and not id_.startswith("t/"):
            continue
        if there.setdefault(id_, value) != value:
            past.wrong.append(f"{topic}: {id_} was said in two ways")
        past.repeats += 1
    past.repeats -= len(there)
    past.commands += len(there) if topic in COMMAND_TOPICS.values() else 0
    past.wrong += [f"{topic}: {id_} was never said" for id_ in due.keys() - there.keys()]
    past.wrong += [f"{topic}: {id_} was decided by nobody" for id_ in there.keys() - due.keys()]
    past.wrong += [f"{topic}: {id_} was said otherwise" for id_ in there.keys() & due.keys() if there[id_] != due[id_]]


def _name(topic: TopicName, message: Message) -> str:
    """What a message that was said is known by: its id; a dead letter, whose bytes may be anything, by its place."""
    if topic == "dead-letters":
        headers = dict(message.headers() or [])
        return f"{int(headers['partition'] or -1)}/{int(headers['offset'] or -1)}"
    try:
        return str(json.loads(cast("bytes", message.value()))["id"])
    except (ValueError, LookupError, TypeError):
        return ""
