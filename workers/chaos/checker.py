"""The history that processes left on Kafka, read raw and judged by a chain rule of its own, however they died.

It is told nothing of what was struck. It reads inbox and journal from their beginning, lets one fold alone decide the
same inbox in order, and compares field by field, envelopes too: each record decided once, as that fold decides it, and
all that follows said, once or more under one id, and nothing else.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from confluent_kafka import Message, TopicPartition

from events.base import SubjectId
from orchestrator.subjects import State
from orchestrator.terms import Terms
from workers.journal.fold import Fold
from workers.journal.outputs import dead_letter, outputs
from workers.runtime.letters import Found, letter_of
from workers.runtime.records import end_of, found_of, place_of, reader, some
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import COMMAND_TOPICS, TopicName, topic_name

SAID_ON: Final[tuple[TopicName, ...]] = ("inbox", "dead-letters", *COMMAND_TOPICS.values())
"""Where what a decision says to others stands."""
OURS: Final[Mapping[TopicName, str]] = {"inbox": "t/", "dead-letters": "inbox/"}
"""How the names of what deciders say begin, on topics on which others speak as well."""


Due = dict[str, tuple[bytes, bytes]]
"""What is to be said on a topic, by its id or the letter's place: key and value."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command of an accepted decision, and what was answered to it: fact types, none where nobody did."""

    type: str
    key: str
    line: str
    answers: list[str] = field(default_factory=list)


@dataclass
class History:
    """What was asked, what was decided, and what came of it, on all partitions."""

    records: int = 0
    lost: int = 0
    """Records of the inbox that no accepted decision is about."""
    doubled: int = 0
    """Records that more than one accepted decision is about."""
    ignored: int = 0
    """Journal records that no reader minds: a duplicate's, a zombie's, a late writer's."""
    duplicates: int = 0
    """Records that say what was heard before."""
    repeats: int = 0
    """What was said again under its id."""
    wrong: list[str] = field(default_factory=list)
    """What breaks a promise; empty when all is well."""
    states: dict[SubjectId, State] = field(default_factory=dict)
    ordered: dict[str, Ordered] = field(default_factory=dict)
    """By the command's id."""
    heard: set[tuple[str, str]] = field(default_factory=set)
    """Source and id of everything that was read and decided."""
    refused: list[str] = field(default_factory=list)
    """Records that could not be read or decided on: where each stands, and why."""
    maybe_twice: int = 0
    """Letters of which nobody knows whether they went out once or twice."""


def by_partition(settings: Settings, topic: TopicName) -> dict[int, list[Message]]:
    """Everything that stands in the topic now."""
    name = topic_name(settings, topic)
    read: dict[int, list[Message]] = {partition: [] for partition in range(settings.partitions)}
    with reader(settings) as client:
        left = sum(end_of(client, name, partition) for partition in read)
        client.assign([TopicPartition(name, partition, 0) for partition in read])
        while left > 0:
            for message in some(client, name, most=left):
                assert message.error() is None
                read[place_of(message)[0]].append(message)
                left -= 1
        return read


def history(settings: Settings) -> History:
    """Read and judge what stands on Kafka now. What deciders have still to decide and say counts as missing."""
    return judged(terms_of(settings), {topic: _found(settings, topic) for topic in ("journal", *SAID_ON)})


def _found(settings: Settings, topic: TopicName) -> dict[int, list[Found]]:
    read = by_partition(settings, topic)
    return {p: [found_of(message, topic) for message in messages] for p, messages in read.items()}


def judged(terms: Terms, found: Mapping[TopicName, Mapping[int, Sequence[Found]]]) -> History:
    """Judge it: each record decided once, as one fold alone decides it; all that it decided said, and nothing else."""
    past = History()
    due: dict[str, Due] = defaultdict(dict)
    answers: dict[str, list[str]] = defaultdict(list)
    for partition, records in found["inbox"].items():
        journal = found["journal"][partition]
        chain = list(accepted(journal))
        past.ignored += len(journal) - len(chain)
        _know(past, partition, chain, answers)
        _judge(Fold(partition, terms, partitions=len(found["inbox"])), records, chain, past, due)
    for id_, types in answers.items():
        if id_ in past.ordered:
            past.ordered[id_].answers.extend(types)
    for topic in SAID_ON:
        _said(past, topic, due[topic], [each for records in found[topic].values() for each in records])
    return past


def accepted(journal: Sequence[Found]) -> Iterator[bytes]:
    """The records that follow each other from the beginning."""
    head: tuple[int, str] = (-1, "")
    for value in (each.value or b"" for each in journal):
        data = _data(value)
        if (data.get("prev"), data.get("prev_hash")) == head:
            head = (data["offset"], hashlib.blake2b(value, digest_size=16).hexdigest())
            yield value


def _data(value: bytes) -> dict[str, Any]:
    """What a journal record says; nothing, where the bytes are no such record."""
    try:
        return dict(json.loads(value)["data"])
    except (ValueError, LookupError, TypeError):
        return {}


def _know(past: History, partition: int, chain: list[bytes], answers: dict[str, list[str]]) -> None:
    """What was ordered and heard on this partition; answers may be to commands of any."""
    for data in map(_data, chain):
        for number, command in enumerate(data.get("commands", ())):
            ordered = Ordered(command["type"], command["key"], command["line"])
            past.ordered[f"c/{partition}/{data['offset']}/{number}"] = (
                ordered  # spelt here on purpose: it judges the rest
            )
        if "unread" in data:
            past.refused.append(f"{partition}/{data['offset']}: {data['unread']['reason']}")
        heard = data.get("heard")
        if heard is None or data.get("duplicate"):
            continue
        past.heard.add((heard["source"], heard["id"]))
        past.maybe_twice += bool(heard["data"].get("maybe_twice"))
        if cause := heard.get("causationid"):
            answers[cause].append(heard["type"])


def _judge(alone: Fold, inbox: Sequence[Found], chain: list[bytes], past: History, due: dict[str, Due]) -> None:
    partition = alone.partition
    decided = [_data(value)["offset"] for value in chain]
    times = Counter(decided)
    past.records += len(inbox)
    past.lost += sum(offset not in times for offset in range(len(inbox)))
    past.doubled += sum(count > 1 for count in times.values())
    if decided != list(range(len(inbox))):
        once = sum(count == 1 for count in times.values())
        told = f"{len(inbox)} records, {once} of them decided once, {len(decided)} decisions"
        past.wrong.append(f"{partition}: {told}")
    if decided != list(range(len(decided))):
        return
    for record, value in zip(inbox, chain, strict=False):
        at = datetime.fromisoformat(_data(value)["at"])
        _in_order(past, partition, alone.at, at)
        same, entry = alone.decide(record.value, key=record.key, offset=alone.offset + 1, now=at)
        past.duplicates += entry.duplicate
        if _but_for_the_code(same) != _but_for_the_code(value):
            past.wrong.append(f"{partition}/{entry.link.offset} was not decided as one fold alone decides it")
        for output in outputs(entry, partition):
            due[output.topic][json.loads(output.value)["id"]] = output.key, output.value
        if entry.unread is not None:
            letter = dead_letter(entry, record)
            due[letter.topic][letter_of("inbox", partition, entry.link.offset)] = letter.key, letter.value
    past.states.update(alone.states)


def _in_order(past: History, partition: int, before: datetime | None, at: datetime) -> None:
    if before is not None and at < before:
        past.wrong.append(f"{partition}: the journal's time went back from {before:%m-%d %H:%M:%S} to {at:%H:%M:%S}")


def _but_for_the_code(value: bytes) -> dict[str, object]:
    """A record, envelope and all, without which code said it: its fingerprint, which the hash before it holds too."""
    said = {name: each for name, each in _data(value).items() if name not in {"code", "prev_hash"}}
    return {**json.loads(value), "data": said}


def _said(past: History, topic: TopicName, due: Due, said: Sequence[Found]) -> None:
    there: Due = {}
    for record in said:
        id_, one = _name(topic, record), (record.key or b"", record.value or b"")
        if not id_.startswith(OURS.get(topic, "")):
            continue
        past.repeats += id_ in there
        if there.setdefault(id_, one) != one:
            past.wrong.append(f"{topic}: {id_} was said in two ways")
    past.wrong += [f"{topic}: {id_} was never said" for id_ in due.keys() - there.keys()]
    past.wrong += [f"{topic}: {id_} was decided by nobody" for id_ in there.keys() - due.keys()]
    past.wrong += [f"{topic}: {id_} was said otherwise" for id_ in there.keys() & due.keys() if there[id_] != due[id_]]


def _name(topic: TopicName, record: Found) -> str:
    """What a message that was said is known by: its id; a dead letter, whose bytes may be anything, by its place."""
    if topic == "dead-letters":
        return dict(record.headers)["letter"].decode()
    try:
        return str(json.loads(record.value or b"")["id"])
    except (ValueError, LookupError, TypeError):
        return ""
