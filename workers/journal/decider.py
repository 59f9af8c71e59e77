"""The decider: inbox record in, one journal record out, then the commands. Any number of these processes may run.

The order of publishing is what makes it safe (docs/journal.md): journal records first and flushed; each must stand
exactly where this process expected it, or somebody else wrote and this process ends at once; then commands; then the
committed offset, which says that the commands up to it are out, and nothing more. One flush serves a batch's journal
records and the commands of the batch before, which leave while the next is being decided.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from confluent_kafka import Consumer, Message, Producer, TopicPartition

from events.base import in_a_programme
from orchestrator.terms import Terms
from workers.journal.belonging import check_belongs
from workers.journal.brake import Brake
from workers.journal.clients import consumer_config, producer_config
from workers.journal.fold import Fold
from workers.journal.outputs import Output, dead_letter, outputs
from workers.journal.reading import load, still_there
from workers.journal.record import Entry
from workers.journal.snapshot import restore, save
from workers.journal.telling import Telling
from workers.runtime.asking import Asking
from workers.runtime.clock import OUTSIDE, Clock
from workers.runtime.collecting import collect_seldom
from workers.runtime.ends import End
from workers.runtime.health import Pulse
from workers.runtime.metrics import count
from workers.runtime.records import found_of, key_of, place_of, record_at, value_of
from workers.runtime.settings import Settings
from workers.runtime.silence import Silence, let_go
from workers.runtime.topics import short_name, topic_name

BATCH: Final = 2000
"""At most. What is decided at once is on the broker's disk at once, so a long queue is better taken in large pieces;
where there is none, a batch is whatever came."""
FLUSH_SECONDS: Final = 60.0
"""How long Kafka may take to acknowledge before a decider calls it away."""
log = structlog.get_logger()


def end_at_once(code: End, why: str, **facts: object) -> None:
    """End the process here and now: nothing may be flushed or committed on the way out."""
    log.error("decider ended", because=why, **facts)
    os._exit(code)


class Decider:
    """One decider process: the partitions that the group gave it, and their folds."""

    def __init__(self, settings: Settings, terms: Terms, clock: Clock, *, name: str, snapshots: Path | None) -> None:
        self._settings = settings
        self._terms = terms
        self._clock = clock
        self._snapshots = snapshots
        self._inbox = topic_name(settings, "inbox")
        self._journal = topic_name(settings, "journal")
        self._folds: dict[int, Fold] = {}
        self._kept: dict[int, Fold] = {}
        """By partition, what was known when it was given back: while the group shares out anew, it may come again."""
        self._unsaved: dict[int, int] = {}
        self._on_their_way: dict[int, int] = {}
        """By partition, up to where what was decided was handed to the producer, and is perhaps not on the broker."""
        self._failed = False
        self._last: tuple[float, datetime] | None = None
        self._told = Telling(settings.log_level)
        self._brake = Brake(settings.raised_limit)
        self.pulse = Pulse()
        self.decided = 0
        self.stopping = False
        collect_seldom()
        self._producer = Producer(producer_config(settings))
        self._consumer = Consumer(consumer_config(settings, name))
        self._asking = Asking(settings)
        self._silence = Silence(self._inbox_ends)
        self._consumer.subscribe(
            [self._inbox], on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked
        )

    @property
    def has_partitions(self) -> bool:
        """Whether it has anything to decide on: partitions, read to their ends."""
        return bool(self._folds)

    # Partitions come and go.

    def _assigned(self, client: Any, partitions: list[TopicPartition]) -> None:  # noqa: ANN401 - the client has no types
        started = time.perf_counter()
        committed = {tp.partition: tp.offset for tp in client.committed(partitions, timeout=30)}
        for tp in partitions:
            published_to = max(0, committed[tp.partition])
            fold = self._loaded(tp.partition, published_to=published_to)
            self._folds[tp.partition] = fold
            tp.offset = fold.offset + 1
            if tp.offset > published_to:
                self._on_their_way[tp.partition] = tp.offset
        self._kept.clear()
        client.assign(partitions)
        ms = round((time.perf_counter() - started) * 1000)
        log.info("partitions assigned", partitions=[tp.partition for tp in partitions], ms=ms)

    def _revoked(self, client: Any, _partitions: list[TopicPartition]) -> None:  # noqa: ANN401 - as above
        self._settle()
        self._kept, self._folds = self._folds, {}
        client.unassign()

    def _loaded(self, partition: int, *, published_to: int) -> Fold:
        """The partition's fold at the journal's present end, and what it decided but had not said, said again."""
        kept = self._kept.get(partition)  # all that it decided was said before it was given back
        fold = kept or self._from_snapshot(partition, published_to) or Fold(partition, self._terms)
        fold.partitions = self._settings.partitions
        unsaid: list[Output] = []

        def keep(entry: Entry) -> None:
            self.pulse.beat()
            if entry.link.offset >= published_to:
                unsaid.extend(outputs(entry, partition))
                unsaid.extend(self._letters(entry, partition))

        load(self._settings, fold, keep)
        check_belongs(self._settings, [fold])
        for output in unsaid:
            self._produce(output)
        if unsaid:
            self._flush()
        return fold

    def _letters(self, entry: Entry, partition: int) -> Iterator[Output]:
        """The dead letter of a record that was loaded; its bytes stand in the inbox alone."""
        if entry.unread is not None:
            found = record_at(self._settings, "inbox", partition, entry.link.offset)
            assert found is not None, "the inbox lost a record that the journal decides"
            yield dead_letter(entry, found)

    def _from_snapshot(self, partition: int, published_to: int) -> Fold | None:
        """The snapshot's fold, if the journal still has that very record, and all that it decided was said."""
        fold = restore(self._snapshots, partition, self._terms) if self._snapshots else None
        if fold is None or fold.offset >= published_to:
            return None
        return fold if fold.position == 0 or still_there(self._settings, [fold]) else None

    # One batch.

    def step(self, seconds: float = 0.2) -> int:
        """Decide what is in the inbox, at most one batch; how many records that was."""
        self.pulse.beat()
        first = self._consumer.poll(0.0 if self._on_their_way else seconds)
        if first is None:
            self._settle()
            self._must_hear()
            return 0
        self._silence.broken()
        batch = [first, *self._consumer.consume(BATCH - 1, 0.0)]
        began, now = time.perf_counter(), self._now()
        said: list[Output] = []
        for message in batch:
            self._decide(message, now, said)
        self._settle()
        for output in said:
            self._produce(output)
        # As far as the folds are: a message of a partition that was taken from us while we took it in is not decided.
        here = {place_of(message)[0] for message in batch} & self._folds.keys()
        self._on_their_way = {partition: self._folds[partition].offset + 1 for partition in here}
        self._told.batch(time.perf_counter() - began)
        self.decided += len(batch)
        self._save_some()
        return len(batch)

    def _must_hear(self) -> None:
        if self._silence.is_deaf({partition: fold.offset + 1 for partition, fold in self._folds.items()}):
            end_at_once(End.ANEW, "its client hands nothing over of what stands in the inbox")

    def _inbox_ends(self) -> dict[int, int]:
        return self._asking.ends("inbox", self._folds, seconds=5)

    def _decide(self, message: Message, now: datetime, said: list[Output]) -> None:
        raw, (partition, offset) = value_of(message), place_of(message)
        fold = self._folds.get(partition)
        if fold is None or offset <= fold.offset:
            return
        began = time.perf_counter()
        value, entry = fold.decide(raw, key=key_of(message), offset=offset, now=now)
        self._brake.decided(entry)
        if self._brake.bites:
            self._settle()
            self._told.batch(time.perf_counter() - began)
            end_at_once(End.PERSON_FIRST, "our own decisions raise for many subjects in a row", count=self._brake.count)
        self._told.decision(entry, partition, time.perf_counter() - began)
        self._append(fold, entry.subject.encode(), value)
        said.extend(outputs(entry, partition))
        if entry.unread is not None:
            said.append(dead_letter(entry, found_of(message, "inbox")))
        self._unsaved[partition] = self._unsaved.get(partition, 0) + 1

    def _append(self, fold: Fold, key: bytes, value: bytes) -> None:
        expected = fold.position
        fold.position += 1

        def delivered(error: object, message: Message) -> None:
            if error is not None or message.offset() != expected:
                count("naadloos_produce_faults_total", topic="journal")
                self._failed = True

        while True:
            try:
                self._producer.produce(self._journal, value, key, partition=fold.partition, on_delivery=delivered)
                return
            except BufferError:
                self._producer.poll(0.05)

    def _produce(self, output: Output) -> None:
        while True:
            try:
                self._producer.produce(
                    topic_name(self._settings, output.topic),
                    output.value,
                    output.key,
                    headers=list(output.headers),
                    on_delivery=self._said,
                )
                return
            except BufferError:
                self._producer.poll(0.05)

    def _said(self, error: object, message: Message) -> None:
        if error is not None:
            count("naadloos_produce_faults_total", topic=short_name(self._settings, message.topic()))
            self._failed = True

    def _flush(self) -> None:
        left = self._producer.flush(FLUSH_SECONDS)
        if self._failed:
            end_at_once(End.ANEW, "a record did not stand where this process expected it")
        if left:
            end_at_once(End.KAFKA_AWAY, "Kafka did not acknowledge what was decided", count=left)

    def _settle(self) -> None:
        """All that was handed to the producer is on the broker; the offset says so of the batches before this one."""
        self._flush()
        ends, self._on_their_way = self._on_their_way, {}
        offsets = [TopicPartition(self._inbox, p, offset) for p, offset in ends.items() if p in self._folds]
        if offsets:
            self._consumer.commit(offsets=offsets, asynchronous=True)

    def _save_some(self) -> None:
        due = [partition for partition, unsaved in self._unsaved.items() if unsaved >= self._settings.snapshot_every]
        if due:
            self._settle()  # a snapshot of what was decided and not said would be of no use to a restart
        for partition in due:
            self._save(partition)

    def _save(self, partition: int) -> None:
        """Leave a snapshot. It is a cache: where the disk takes none, the flow goes on and a restart takes longer."""
        self._unsaved[partition] = 0
        if self._snapshots is None or partition not in self._folds:
            return
        try:
            save(self._folds[partition], self._snapshots)
            count("naadloos_snapshots_total", outcome="written")
        except OSError as error:
            count("naadloos_snapshots_total", outcome="failed")
            log.warning("snapshot not written", partition=partition, error=error.strerror)

    def _now(self) -> datetime:
        """The programme's time; a clock that jumped beyond the limit or is outside all programmes ends the process."""
        tick, now = time.monotonic(), self._clock.now()
        if not in_a_programme(now):
            self._settle()
            end_at_once(End.PERSON_FIRST, OUTSIDE)
        if self._last is not None and self._settings.programme_clock is None:
            drift = (now - self._last[1]).total_seconds() - (tick - self._last[0])
            if abs(drift) > self._settings.clock_jump_seconds:
                self._settle()
                end_at_once(End.PERSON_FIRST, "the clock jumped", seconds=round(drift))
        self._last = (tick, now)
        return now

    def run(self) -> None:
        """Decide until told to stop, then leave snapshots and go."""
        while not self.stopping:
            self.step()
        self._settle()
        for partition in list(self._folds):
            self._save(partition)
        let_go(self._consumer)
