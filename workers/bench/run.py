"""The whole bench: each part in turn, on topics and in processes of its own, so that no part shares a client."""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version

import confluent_kafka
import faust

from workers.bench.endtoend import SHAPES, end_to_end
from workers.bench.field import fill, ground, topics
from workers.bench.latency import latency
from workers.bench.lives import Department, play, records
from workers.bench.proof import proof
from workers.bench.report import (
    PARTS,
    BenchReport,
    Deciding,
    EndToEnd,
    Latency,
    Machine,
    Part,
    Proof,
    Rate,
    Replaying,
    Restart,
)
from workers.bench.restart import restart
from workers.bench.started import measured
from workers.bench.together import together
from workers.runtime.compiled import is_compiled
from workers.runtime.kafka.places import kafka_version
from workers.runtime.kafka.server import ensure_kafka
from workers.runtime.language import _, marked
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Sizes:
    """How much of each."""

    records: int = 50_000
    rounds: int = 3
    """So many times all cores are measured at once."""
    faust_records: int = 5_000
    facts: int = 300
    journal_records: int = 1_000_000
    employees: int = 100


@dataclass
class Bench:
    """One run of it."""

    settings: Settings
    sizes: Sizes
    parts: tuple[Part, ...] = PARTS
    say: Say = lambda _: None
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self) -> BenchReport:
        """Every part that was asked for, one after the other."""
        machine = machine_of(self.settings)
        ensure_kafka(self.settings)
        deciding: tuple[Deciding, ...] = ()
        told: Latency | None = None
        again: Restart | None = None
        replay: Replaying | None = None
        whole: tuple[EndToEnd, ...] = ()
        checked: Proof | None = None
        with ground(self.settings) as settings:
            department = play(terms_of(settings))
            if "deciding" in self.parts:
                deciding = tuple(self._deciding(settings, department, flushed=flushed) for flushed in (True, False))
            if "latency" in self.parts:
                with self._timed(marked("latency")):
                    told = latency(settings, self.sizes.facts)
            if "restart" in self.parts:
                with self._timed(marked("restart")):
                    again, replay = restart(settings, department, self.sizes.journal_records)
            if "proof" in self.parts:
                with self._timed(marked("proof")):
                    checked = proof()
            if "end-to-end" in self.parts:
                with self._timed(marked("end to end")):
                    whole = tuple(end_to_end(settings, shape, self.sizes.employees) for shape in SHAPES)
        seconds = {name: round(spent, 1) for name, spent in self.seconds.items()}
        return BenchReport(
            machine=machine,
            deciding=deciding,
            latency=told,
            restart=again,
            replaying=replay,
            end_to_end=whole,
            proof=checked,
            seconds=seconds,
        )

    @contextmanager
    def _timed(self, part: str) -> Iterator[None]:
        self.say(_("{part} …").format(part=_(part)))
        began = time.monotonic()
        yield
        self.seconds[part] = time.monotonic() - began

    def _deciding(self, settings: Settings, department: Department, *, flushed: bool) -> Deciding:
        name = "flushed" if flushed else "unflushed"
        with (
            self._timed(marked("deciding, flushed") if flushed else marked("deciding, unflushed")),
            topics(settings, name, flush_each_batch=flushed) as ours,
        ):
            made = records(department, most=self.sizes.records, partitions=ours.partitions)
            count = fill(ours, made)
            bare = measured(ours, "bare", count)
            agent = measured(ours, "faust", min(count, self.sizes.faust_records))
            decided = measured(ours, "decide", count)
        with self._timed(marked("deciding together, flushed") if flushed else marked("deciding together, unflushed")):
            again = (f"{name}-all-{number}" for number in range(self.sizes.rounds))
            rounds = tuple(self._together(settings, department, each, flushed=flushed) for each in again)
        commands = department.commands * (count // len(department.heard))
        return Deciding(flushed=flushed, commands=commands, decider=decided, rounds=rounds, bare=bare, faust=agent)

    def _together(self, settings: Settings, department: Department, name: str, *, flushed: bool) -> Rate:
        with topics(settings, name, flush_each_batch=flushed) as ours:
            return together(ours, department, self.sizes.records)


def machine_of(settings: Settings) -> Machine:
    """This machine, its Kafka and its clients."""
    library = confluent_kafka.libversion()[0]
    return Machine(
        cores=os.cpu_count() or 1,
        processor=platform.machine(),
        python=platform.python_version(),
        decides_as="machine code" if is_compiled() else "Python",
        kafka=f"Apache Kafka {kafka_version()}, {marked('one node')}"
        if settings.embedded
        else settings.bootstrap_servers,
        clients={"confluent-kafka": version("confluent-kafka"), "librdkafka": library, "faust": faust.__version__},
        load_before=round(os.getloadavg()[0], 2),
    )
