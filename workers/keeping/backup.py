"""A programme into a file, while it runs: a cut in which nothing stands without its cause.

Ends are taken against the direction in which things follow: first how far the groups had come, then what was ordered,
then what was decided, then what was heard. So every order in the file has its decision there, every decision the
message that it is about, and no worker is held to have done what is not in it. What the journal decided and the file
does not order yet, a decider says again by itself, since its group is not past it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from workers.audit.proof import Proof, proof
from workers.inbound.unrouted import in_either
from workers.keeping.file import BackupFile, Place
from workers.keeping.groups import all_committed, came_to
from workers.keeping.kept import CLOCKS, COMPACTED, WAITING, Kept
from workers.keeping.live import check_topics, ends_now, portions
from workers.keeping.opening import begun, check_programme, is_fresh, opened
from workers.keeping.unable import UnableToTrustError
from workers.runtime.groups import Committed
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import COMMAND_TOPICS, TopicName

AGAINST_THE_FLOW: Final[tuple[TopicName, ...]] = (
    *COMMAND_TOPICS.values(),
    "dead-letters",
    "journal",
    "inbox",
    "people",
)
"""What follows from something before what it follows from."""


@dataclass(frozen=True)
class Cut:
    """Up to where a backup reads."""

    ends: dict[Place, int]
    committed: list[Committed]
    beside: dict[str, bytes]

    @property
    def records(self) -> int:
        """How many places there are; of the compacted topic fewer records stand in them."""
        return sum(self.ends.values())


@dataclass(frozen=True)
class Backup:
    """What was kept, and what it proved to be."""

    proof: Proof
    added: int
    records: dict[TopicName, int]
    size: int
    """Bytes on disk."""
    at: datetime


def cut_now(settings: Settings) -> Cut:
    """Everything that stands in the programme's topics at this moment. Raises `UnableToReadTopicsError`."""
    check_topics(settings)
    came = all_committed(settings)
    # What waits goes into the inbox once it is routed, and that it waits is said there once it is in the file. Read
    # before and after, whatever was taken in stands in the inbox or in the file, or in both.
    before = _beside(settings.folder, WAITING)
    ends = ends_now(settings, AGAINST_THE_FLOW)
    after = _beside(settings.folder, WAITING)
    waiting = {name: in_either(before.get(name, b""), after.get(name, b"")) for name in before | after}
    return Cut(ends, came, waiting | _beside(settings.folder, CLOCKS))


def _beside(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


def left(path: Path, settings: Settings, cut: Cut) -> int:
    """How many places of the cut are not in the file yet, which is left as it is. Raises `UnableToTrustError`."""
    if is_fresh(path):
        return cut.records
    with opened(path) as file:
        check_programme(
            file, programme=settings.programme, prefix=settings.topic_prefix, partitions=settings.partitions
        )
        return sum(max(0, end - file.begun(*place)) for place, end in cut.ends.items())


def backup(
    path: Path,
    settings: Settings,
    *,
    now: Callable[[], datetime],
    say: Callable[[str, int], None] = lambda _t, _c: None,
) -> Backup:
    """The file holds all that stands in the topics, proved. Safe to repeat; goes on where an interrupted one stopped.

    `say` hears each topic, and how many records of it were added, as they come. Raises `UnableToReadTopicsError`, and
    `UnableToTrustError` where the file is of another programme, damaged, or not what Kafka holds.
    """
    with begun(
        path, programme=settings.programme, prefix=settings.topic_prefix, partitions=settings.partitions
    ) as file:
        at, cut = now(), cut_now(settings)
        _check_same(file, settings, cut)
        added = sum(_add(file, settings, topic, cut, say) for topic in AGAINST_THE_FLOW)
        if broken := next(file.damage(cut.ends), None):
            raise UnableToTrustError(_damaged(path, broken))
        found = proof(file.upto(cut.ends))
        found.hold_against(came_to(cut.committed))
        if found.sound:
            file.close_cut(cut.ends, cut.committed, beside=cut.beside, at=max(at, found.at or at))
        return Backup(found, added, file.counts(), file.size(), file.at or at)


def _add(file: BackupFile, settings: Settings, topic: TopicName, cut: Cut, say: Callable[[str, int], None]) -> int:
    """Everything of this topic that the file lacks is in it; how many records that was."""
    ends = _of(topic, cut)
    if topic in COMPACTED:
        return _add_newest(file, settings, topic, ends, say)
    begins = {partition: file.begun(topic, partition) for partition in ends}
    added = 0
    for portion in portions(settings, topic, begins, ends):
        file.add(topic, portion)
        added += len(portion)
        say(topic, added)
    return added


def _add_newest(
    file: BackupFile, settings: Settings, topic: TopicName, ends: dict[int, int], say: Callable[[str, int], None]
) -> int:
    """Of this topic the file holds what Kafka holds, the newest of each key; how many records of it were lacking.

    All that Kafka knows is read, since it forgets: in the end it drops the record that forgot a key as well, so whoever
    is not there was forgotten. Offsets say nothing of what is lacking: after a restore they are others.
    """
    newest: dict[tuple[int, bytes | None], Kept] = {}
    for portion in portions(settings, topic, dict.fromkeys(ends, 0), ends):
        newest |= {(partition, kept.key): kept for partition, kept in portion}
    added = file.hold(topic, [(partition, kept) for (partition, _), kept in newest.items() if kept.value is not None])
    say(topic, added)
    return added


def _check_same(file: BackupFile, settings: Settings, cut: Cut) -> None:
    """The last record that the file has of each partition is Kafka's too: these are still the same topics.

    All are looked at before anything is added, since topics that were begun anew may be shorter in one partition and
    longer in another. Raises `UnableToTrustError`.
    """
    for topic in AGAINST_THE_FLOW:
        ends = _of(topic, cut)
        lasts = {partition: last for partition in ends if (last := file.begun(topic, partition) - 1) >= 0}
        for partition, last in lasts.items():
            if last >= ends[partition] and topic not in COMPACTED:
                raise UnableToTrustError(_other_kafka(file.path, topic, partition, ends[partition]))
        for partition, kept in _each_at(settings, topic, lasts):
            if kept.offset == lasts[partition] and file.at_place(topic, partition, kept.offset) != kept:
                raise UnableToTrustError(_other_kafka(file.path, topic, partition, kept.offset))


def _each_at(settings: Settings, topic: TopicName, offsets: dict[int, int]) -> Iterator[tuple[int, Kept]]:
    """Kafka's record at this offset of each partition; of a compacted topic it may be there no longer."""
    ends = {partition: offset + 1 for partition, offset in offsets.items()}
    for portion in portions(settings, topic, offsets, ends):
        yield from portion


def _of(topic: TopicName, cut: Cut) -> dict[int, int]:
    """The ends of this topic, by partition."""
    return {partition: end for (name, partition), end in cut.ends.items() if name == topic}


def _damaged(path: Path, broken: str) -> str:
    return "\n".join(
        (
            _("{path} is damaged: {broken}.").format(path=path, broken=broken),
            _("Nothing of it may be relied on. Make another:  naadloos backup ANOTHER-FILE --go"),
        )
    )


def _other_kafka(path: Path, topic: str, partition: int, offset: int) -> str:
    told = _("{path} and Kafka hold different records: {topic}, partition {partition}, offset {offset}.")
    return "\n".join(
        (
            told.format(path=path, topic=topic, partition=partition, offset=offset),
            _("Nothing was added. Was the programme begun anew? Then give another file:  naadloos backup ANOTHER-FILE"),
        )
    )
