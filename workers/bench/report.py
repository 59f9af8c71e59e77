"""What a bench gives: figures, each with what it was measured on."""

from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, computed_field

Part = Literal["deciding", "latency", "restart", "end-to-end", "proof"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
"""Of a bench, each of which can be run alone."""


class Figures(BaseModel):
    """A part of the report."""

    model_config = ConfigDict(frozen=True)


class Machine(Figures):
    """What all of it was measured on."""

    cores: int
    processor: str
    python: str
    decides_as: Literal["Python", "machine code"] = "Python"
    kafka: str
    clients: dict[str, str]
    load_before: float
    """Processes that wanted a core in the minute before; near 0 on a machine that does nothing else."""


class Rate(Figures):
    """One process over so many records: on the clock, and in its own time on the cores."""

    records: int
    seconds: float
    cpu_seconds: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def per_second(self) -> float:
        """Records per second on the clock."""
        return round(self.records / self.seconds, 1)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def per_core(self) -> float:
        """Records per second of the process's own time on a core."""
        return round(self.records / self.cpu_seconds, 1)


class Deciding(Figures):
    """The decider beside the bare clients, with the same records from the same topic."""

    flushed: bool
    """Whether the broker put each batch on disk before it acknowledged (`flush.messages=1`)."""
    commands: int
    decider: Rate
    rounds: tuple[Rate, ...]
    """One decider per core, all at once, several times over; `per_second` is what the whole machine decided."""
    bare: Rate
    faust: Rate

    @computed_field  # type: ignore[prop-decorator]
    @property
    def deciders(self) -> Rate:
        """The fastest round: who shares a machine is slowed by others for a while, and never helped."""
        return max(self.rounds, key=lambda rate: rate.per_second)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def of_bare(self) -> float:
        """The decider's records per core as a share of the bare loop's."""
        return round(self.decider.per_core / self.bare.per_core, 3)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def times_faust(self) -> float:
        """How many times the bare faust agent's records per core."""
        return round(self.decider.per_core / self.faust.per_core, 2)


class Latency(Figures):
    """From saying one fact to reading its decision in the journal, in milliseconds; facts said one at a time."""

    facts: int
    paced_ms: float
    p50_ms: float
    p99_ms: float
    max_ms: float


class Restart(Figures):
    """From a decider's first line of code to all partitions in its hands, the journal being so long."""

    journal_records: int
    subjects: int
    snapshot_mb: float
    without_snapshot: Rate
    with_snapshot: Rate
    per_million_seconds: float
    """Seconds without a snapshot for a million records: the reading grows with the length and nothing else."""


class Replaying(Figures):
    """That same journal once more, on all cores; `per_second` is what the whole machine came to."""

    consumed: Rate
    """Handed over by the client, and nothing else."""
    folded: Rate
    compared: Rate
    """Each decision taken again by today's code and held against the recorded one: a what-if of everything."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def of_consumed(self) -> float:
        """Folding, in records per core, as a share of mere consuming."""
        return round(self.folded.per_core / self.consumed.per_core, 3)


class EndToEnd(Figures):
    """Employees with one line of this shape, from enrolment to after-care's end, in a world that answers at once."""

    shape: str
    employees: int
    done: int
    not_done: dict[str, int]
    """Lines that ended without a move or are held, by reason: none, when all is well."""
    seconds: float
    inbox_records: int
    effects: int
    steps: int
    """How often the programme's clock moved on; between two moves everything under way is awaited."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def employees_per_second(self) -> float:
        """Employees per second."""
        return round(self.employees / self.seconds, 2)


class Proof(Figures):
    """Every history of one system within one deviation, on all cores (`naadloos verify`)."""

    system: str
    situations: int
    """In which nothing is on its way; each is gone on from once."""
    steps: int
    seconds: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def steps_per_second(self) -> float:
        """Steps per second on the clock: each hears, decides, and is judged."""
        return round(self.steps / self.seconds, 1)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def situations_per_second(self) -> float:
        """New situations per second."""
        return round(self.situations / self.seconds, 1)


class BenchReport(Figures):
    """All of it, as `--report FILE` writes it. A part that was not asked for is absent."""

    machine: Machine
    deciding: tuple[Deciding, ...] = ()
    latency: Latency | None = None
    restart: Restart | None = None
    replaying: Replaying | None = None
    end_to_end: tuple[EndToEnd, ...] = ()
    proof: Proof | None = None
    seconds: dict[str, float]
