"""One measured process: `python -m workers.bench.contenders NAME --records N` prints its figures as one line of JSON.

The decider, a bare confluent-kafka loop and a bare faust agent read the same inbox. CPU time is that of the whole
process with all threads of the client, from before the client is made (faust: from its first event: its start is free).
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import mode
from confluent_kafka import Consumer, Message, Producer, TopicPartition
from faust.types import StreamT

from workers.bench.field import flushed
from workers.bench.report import Rate
from workers.effects.agents import build_app, raw_topic
from workers.journal.clients import consumer_config, producer_config
from workers.journal.decider import BATCH, Decider
from workers.journal.outputs import Output
from workers.runtime.clock import SystemClock
from workers.runtime.log import configure
from workers.runtime.records import place_of
from workers.runtime.settings import Settings, read_settings
from workers.runtime.terms import terms_of
from workers.runtime.topics import topic_name

NAME: Final = "bench"


class Stopwatch:
    """The clock from the first record, the process's own time from the beginning."""

    def __init__(self) -> None:
        self._cpu = time.process_time()
        self._began = time.perf_counter()

    def first(self) -> None:
        """The first record is in hand."""
        self._began = time.perf_counter()

    def rate(self, records: int) -> Rate:
        """What it came to."""
        seconds, cpu = time.perf_counter() - self._began, time.process_time() - self._cpu
        return Rate(records=records, seconds=seconds, cpu_seconds=cpu)


class TimedDecider(Decider):
    """The decider, told the time by each record, as the programme's clock stood when it was said."""

    def _decide(self, message: Message, now: datetime, said: list[Output]) -> None:  # noqa: ARG002 - see above
        _, at = message.timestamp()
        super()._decide(message, datetime.fromtimestamp(at / 1000, UTC), said)

    @property
    def partitions(self) -> int:
        """How many partitions are loaded and in its hands."""
        return len(self._folds)

    def say_all(self) -> None:
        """What was decided is said: measured as well."""
        self._settle()

    def leave(self) -> None:
        """Let go of the partitions; nothing is saved."""
        self._consumer.close()


def _decider(settings: Settings, *, snapshots: bool = False) -> TimedDecider:
    folder = settings.snapshots_dir if snapshots else None
    return TimedDecider(settings, terms_of(settings), SystemClock(), name=NAME, snapshots=folder)


def decide(settings: Settings, records: int) -> Rate:
    """The real decider over the inbox."""
    watch, decider = Stopwatch(), _decider(settings)
    while decider.partitions < settings.partitions:
        decider.step()
    watch.first()
    while decider.decided < records:
        decider.step()
    decider.say_all()
    rate = watch.rate(decider.decided)
    decider.leave()
    return rate


def load(settings: Settings, records: int) -> Rate:
    """A decider's start, the journal read from its beginning."""
    return _started(settings, records, snapshots=False)


def load_snapshot(settings: Settings, records: int) -> Rate:
    """A decider's start from its snapshots."""
    return _started(settings, records, snapshots=True)


def _started(settings: Settings, records: int, *, snapshots: bool) -> Rate:
    watch, decider = Stopwatch(), _decider(settings, snapshots=snapshots)
    while decider.partitions < settings.partitions:
        decider.step()
    rate = watch.rate(records)
    decider.leave()
    return rate


def bare(settings: Settings, records: int) -> Rate:
    """Consume a batch, produce each value, flush, commit: what any correct loop must do, and nothing else."""
    watch, done = Stopwatch(), 0
    producer = Producer(producer_config(settings))
    consumer = Consumer({**consumer_config(settings, NAME), "group.id": f"{settings.topic_prefix}-bare"})
    consumer.subscribe([topic_name(settings, "inbox")])
    topic = topic_name(settings, "dead-letters")
    while done < records:
        batch = consumer.consume(BATCH, 0.2)
        if batch and not done:
            watch.first()
        ends: dict[int, int] = {}
        for message in batch:
            partition, offset = place_of(message)
            ends[partition] = offset + 1
            producer.produce(topic, message.value(), message.key(), partition=partition)
        flushed(producer)
        done += len(batch)
        if ends:
            offsets = [TopicPartition(topic_name(settings, "inbox"), p, end) for p, end in ends.items()]
            consumer.commit(offsets=offsets, asynchronous=True)
    rate = watch.rate(done)
    consumer.close()
    return rate


def agent(settings: Settings, records: int) -> Rate:
    """A bare faust agent: one event in, one send out. Prints its figures and ends the process: faust never returns."""
    app = build_app(NAME, settings)
    inbox, outbox = raw_topic(app, topic_name(settings, "inbox")), raw_topic(app, topic_name(settings, "dead-letters"))

    async def work(stream: StreamT[bytes]) -> None:
        watch, done = Stopwatch(), 0
        async for event in stream.events():
            if not done:
                watch = Stopwatch()
            await outbox.send(key=event.key, value=event.value)
            done += 1
            if done >= records:
                print(watch.rate(done).model_dump_json(), flush=True)  # noqa: T201 - what this process is for
                os._exit(0)

    app.agent(inbox, name="bench")(work)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    mode.Worker(app, override_logging=False, redirect_stdouts=False, quiet=True).execute_from_commandline()
    raise AssertionError("the agent ends the process")


CONTENDERS: Final[dict[str, Callable[[Settings, int], Rate]]] = {
    "decide": decide,
    "load": load,
    "load-snapshot": load_snapshot,
    "bare": bare,
    "faust": agent,
}


def main() -> int:
    """Run the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CONTENDERS)
    parser.add_argument("--records", type=int, required=True)
    args = parser.parse_args()
    sys.argv[1:] = []
    settings = read_settings()
    configure(worker=NAME, level=settings.log_level)
    print(CONTENDERS[args.name](settings, args.records).model_dump_json(), flush=True)  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main())
