"""What an operator may set, read once at the edge from the environment and handed on as one frozen record."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from workers.runtime.language import _
from workers.runtime.log import Level
from workers.runtime.unable import UnableToError
from workers.runtime.wanted import wanted

_PREFIX = "NAADLOOS_"
NAME: Final = r"^[a-z0-9][a-z0-9.-]{0,99}$"
"""What a programme may be called, and its topics before the dot."""
S = TypeVar("S", bound="Settings")


class UnableToReadSettingsError(UnableToError):
    """The environment sets something to a value that it cannot have."""

    kind = "wrong"


def default_state_dir() -> Path:
    """The directory where Naadloos keeps what must survive a restart, after the XDG base directory rules."""
    home = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(home).expanduser() / "naadloos"


def _from_anywhere(path: Path) -> Path:
    return path.expanduser().absolute()


Place = Annotated[Path, AfterValidator(_from_anywhere)]
"""A path that means the same from every working directory."""


def current_file(state_dir: Path, programme: str) -> Path:
    """Where a rehearsal says which topics it has: each has topics of its own."""
    return state_dir / f"{programme}.current"


def _current(state_dir: Path, programme: str) -> str:
    """The topics' prefix: the latest rehearsal's, or the programme's name."""
    pointer = current_file(state_dir, programme)
    # What a damaged file says is no prefix, and is refused as one.
    return pointer.read_text(encoding="utf-8", errors="replace").strip() if pointer.exists() else programme


class Settings(BaseSettings):
    """The settings of one programme on one machine; each is read from `NAADLOOS_<NAME>`.

    `KAFKA_BOOTSTRAP_SERVERS` alone has no prefix, since that is the name by which a cluster is handed out elsewhere.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        frozen=True,
        populate_by_name=True,
        extra="ignore",
        env_ignore_empty=True,
        allow_inf_nan=False,
    )

    state_dir: Place = Field(default_factory=default_state_dir)
    programme: str = Field(default="demo", pattern=NAME)
    lang: str | None = None

    # Several programmes, and every test, share one broker: each has topics of its own under its prefix.
    topic_prefix: str = Field(
        default_factory=lambda known: _current(known["state_dir"], known["programme"]),
        pattern=NAME,
    )
    # Fixed for the life of a programme: another count would send a subject's next message to another partition.
    partitions: int = Field(default=12, ge=1)
    # None: one copy on the embedded broker, three on a cluster that was given.
    replication: int | None = Field(default=None, ge=1)
    # A cluster that was given must keep so long how far workers came that are down.
    offsets_kept_days: int = Field(default=60, ge=0)
    # One node has no replica, so a record counts as written only when it is on disk.
    flush_each_batch: bool = True

    kafka_bootstrap_servers: str | None = Field(default=None, validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    # The controller takes the next port.
    kafka_port: int = Field(default=9392, ge=1024, le=65534)
    kafka_heap_mb: int = Field(default=512, ge=256)
    # How long a client waits for an answer before it calls Kafka away.
    kafka_answer_seconds: float = Field(default=30, gt=0)
    kafka_start_seconds: float = Field(default=120, gt=0)
    kafka_stop_seconds: float = Field(default=30, gt=0)
    # Below this much free disk the broker is not started: a disk that fills up under Kafka stops it halfway.
    kafka_min_free_mb: int = Field(default=512, ge=0)
    # None: beside the data. A test run points here to download the jars once.
    kafka_cache_dir: Place | None = None

    # A rehearsal's clock; None: the machine's own time.
    clock_file: Place | None = None
    # Where the inbound adapter listens, and the simulated world answers. Loopback.
    inbound_port: int = Field(default=9395, ge=1024, le=65535)
    world_port: int = Field(default=9396, ge=1024, le=65535)
    # Where the supervisor tells how it is; each worker that has no door of its own takes one of the next. Loopback.
    health_port: int = Field(default=9400, ge=1024, le=65_000)
    # A worker whose loop has not turned for so long is stuck.
    health_stuck_seconds: float = Field(default=60, gt=0)
    # `debug` has a line for each decision, `info` for each from which something follows (docs/logs.md).
    log_level: Level = "info"
    # Where the simulated world answers, in a rehearsal; None: real providers.
    world_url: str | None = None
    # How long an effect worker waits for the simulated world's answer before it counts as none: two such waits fit into
    # what a command may take, so that a second try is made.
    world_answer_seconds: float = Field(default=25, gt=0)
    # A jump of the machine's clock beyond this stops deciding, with an alarm.
    clock_jump_seconds: float = Field(default=60, gt=0)
    # So many subjects in a row for which our own decisions raise stop deciding, with an alarm.
    raised_limit: int = Field(default=100, ge=1)
    # Journal records of one partition between two snapshots.
    snapshot_every: int = Field(default=20_000, ge=1)

    @property
    def folder(self) -> Path:
        """Where this programme's workers keep what is not in Kafka."""
        return self.state_dir / self.topic_prefix

    @property
    def programme_clock(self) -> Path | None:
        """The rehearsal's clock, as set or as a running rehearsal left it; None: the machine's own time."""
        beside = self.folder / "clock"
        return self.clock_file or (beside if beside.exists() else None)

    @property
    def snapshots_dir(self) -> Path:
        """Where deciders keep their snapshots."""
        return self.folder / "snapshots"

    @property
    def readers_dir(self) -> Path:
        """Where commands keep what they knew when they last looked."""
        return self.folder / "readers"

    @property
    def embedded(self) -> bool:
        """Whether Naadloos runs the broker itself; false where a cluster was given."""
        return not self.kafka_bootstrap_servers

    @property
    def bootstrap_servers(self) -> str:
        """Where clients find Kafka: `host:port`, or several with commas."""
        return self.kafka_bootstrap_servers or f"127.0.0.1:{self.kafka_port}"

    @property
    def kafka_dir(self) -> Path:
        """Where the embedded broker keeps its data, its logs and its pid file."""
        return self.state_dir / "kafka"


def read_settings() -> Settings:
    """The settings that all share, as the environment gives them. Raises `UnableToReadSettingsError`."""
    return settings_of(Settings)


def settings_of(kind: type[S]) -> S:
    """These settings as the environment gives them; a value that cannot be is told by the name of its variable."""
    try:
        return kind()
    except ValidationError as error:
        raise UnableToReadSettingsError(_told(error)) from error


def _told(error: ValidationError) -> str:
    # What is made of a wrong value is not made, and is no fault of its own.
    faults = [fault for fault in error.errors() if fault["type"] != "default_factory_not_called"]
    variables = [_variable(str(fault["loc"][0])) for fault in faults]
    lines = [f"  {variable}: {wanted(fault)}" for variable, fault in zip(variables, faults, strict=True)]
    head = _("Nothing was done: the environment sets what cannot be.")
    foot = _("Leave it to its default:  unset {variable}").format(variable=variables[0])
    return "\n".join([head, *lines, foot])


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables from which another process reads these same settings, for handing them to a worker."""
    given = settings.model_dump(mode="json", exclude_none=True)
    return {_variable(field): str(value) for field, value in given.items()}


def _variable(field: str) -> str:
    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known is not None else None
    # A variable with a name of its own is told by that name already.
    return str(alias or (field if field.isupper() else f"{_PREFIX}{field.upper()}"))
