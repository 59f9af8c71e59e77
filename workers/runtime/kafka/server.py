"""Starting and ending the Kafka of one machine, and the one call by which everything else comes to a broker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workers.runtime.kafka.health import answers
from workers.runtime.kafka.jars import ensure_jars, find_java
from workers.runtime.kafka.places import (
    PINNED,
    alone,
    check_room,
    free_mb,
    kafka_version,
    log_files,
    logs_dir,
    make_places,
)
from workers.runtime.kafka.process import Broker, check_ports, end, forget, remembered, running, spawn
from workers.runtime.kafka.storage import ensure_formatted
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import create_topics
from workers.runtime.unable import UnableToError

_LOOK_AGAIN_SECONDS = 0.2


class UnableToStartKafkaError(UnableToError):
    """The broker was started and did not come to answer, or runs elsewhere than asked."""


class UnableToReachKafkaError(UnableToError):
    """A cluster was given and does not answer."""


@dataclass(frozen=True, kw_only=True)
class Status:
    """What is known of the broker at this moment; `broker` is None for a given cluster and when none runs."""

    bootstrap_servers: str
    embedded: bool
    healthy: bool
    broker: Broker | None
    ended_unasked: bool


def _say_nothing(_text: str) -> None:
    return None


def ensure_kafka(settings: Settings, *, say: Callable[[str], None] = _say_nothing) -> str:
    """Kafka answers and the programme's topics are there; returns the bootstrap servers.

    Starts the broker of this machine unless a cluster was given. Safe to call from any number of processes at once.
    """
    ensure_broker(settings, say=say)
    create_topics(settings)
    return settings.bootstrap_servers


def ensure_broker(settings: Settings, *, say: Callable[[str], None] = _say_nothing) -> None:
    """Kafka answers, whatever topics it has."""
    if settings.embedded:
        start(settings, say=say)
    elif not answers(settings.bootstrap_servers):
        raise UnableToReachKafkaError(_unreachable(settings))


def start(settings: Settings, *, say: Callable[[str], None] = _say_nothing, advertised: int | None = None) -> Broker:
    """The broker of this machine runs and answers. A second start at the same time waits and finds it running.

    `advertised` is the port at which it tells clients to come, where a proxy stands before it.
    """
    make_places(settings)
    with alone(settings.kafka_dir / "kafka.lock"):
        if broker := running(settings):
            _check_same_port(settings, broker)
        else:
            broker = _spawn(settings, say=say, advertised=advertised)
        _wait_until_it_answers(settings, broker)
        return broker


def stop(settings: Settings) -> bool | None:
    """No broker of ours runs. True: ended by itself, False: had to be killed, None: none ran."""
    with alone(settings.kafka_dir / "kafka.lock"):
        broker = running(settings)
        ended = end(broker, grace_seconds=settings.kafka_stop_seconds) if broker else None
        forget(settings)
        return ended


def status(settings: Settings) -> Status:
    """What runs and whether it answers, without changing anything."""
    broker = running(settings) if settings.embedded else None
    expected = broker is not None or not settings.embedded
    servers = f"127.0.0.1:{broker.port}" if broker else settings.bootstrap_servers
    return Status(
        bootstrap_servers=servers,
        embedded=settings.embedded,
        healthy=expected and answers(servers),
        broker=broker,
        ended_unasked=settings.embedded and broker is None and remembered(settings) is not None,
    )


def _spawn(settings: Settings, *, say: Callable[[str], None], advertised: int | None) -> Broker:
    if stale := remembered(settings):
        say(
            _("The Kafka of process {pid} ended without a stop; its records are read back first.").format(pid=stale.pid)
        )
        forget(settings)
    check_room(settings)
    java = find_java()
    check_ports(settings)
    libs = ensure_jars(settings, say=say)
    properties = ensure_formatted(settings, java=java, libs=libs, advertised=advertised)
    say(
        _("Starting Kafka {version} on {servers} …").format(version=kafka_version(), servers=settings.bootstrap_servers)
    )
    command = _command(settings, java=java, libs=libs, properties=properties)
    return spawn(settings, command, output=log_files(settings)[1])


def _command(settings: Settings, *, java: str, libs: Path, properties: Path) -> list[str]:
    return [
        java,
        "-Xms256m",
        f"-Xmx{settings.kafka_heap_mb}m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:+ExitOnOutOfMemoryError",
        "-Djava.awt.headless=true",
        f"-Dnaadloos.kafka.logs={logs_dir(settings)}",
        f"-Dlog4j2.configurationFile={PINNED / 'log4j2.xml'}",
        "-cp",
        f"{libs}/*",
        "kafka.Kafka",
        str(properties),
    ]


def _wait_until_it_answers(settings: Settings, broker: Broker) -> None:
    give_up = time.monotonic() + settings.kafka_start_seconds
    while not answers(f"127.0.0.1:{broker.port}", seconds=2):
        if broker.process() is None:
            forget(settings)
            raise UnableToStartKafkaError(_ended_at_once(settings))
        if time.monotonic() > give_up:
            raise UnableToStartKafkaError(_no_answer(settings, broker))
        time.sleep(_LOOK_AGAIN_SECONDS)


def _check_same_port(settings: Settings, broker: Broker) -> None:
    if broker.port != settings.kafka_port:
        raise UnableToStartKafkaError(_other_port(settings, broker))


def _other_port(settings: Settings, broker: Broker) -> str:
    runs = _(
        "Kafka not started: it runs already (process {pid}) on port {port}, and the settings ask for port {wanted}."
    )
    return "\n".join(
        (
            runs.format(pid=broker.pid, port=broker.port, wanted=settings.kafka_port),
            _("It was left running. Use it as it is:  export NAADLOOS_KAFKA_PORT={port}").format(port=broker.port),
            _("Or move it:  naadloos kafka stop && naadloos kafka start"),
        )
    )


def _ended_at_once(settings: Settings) -> str:
    return (
        _("Kafka not started: its process ended at once.")
        + f" {last_words(settings)}\n"
        + _("No record was changed. Read all it said:  naadloos kafka logs")
    )


def last_words(settings: Settings) -> str:
    """The reason that the broker itself gave, from the ends of its two logs; on a full disk it could write none."""
    lines = [line for file in log_files(settings) if file.exists() for line in _tail(file)]
    if free_mb(settings) < 1 or any("No space left on device" in line for line in lines):
        return _("The disk of {place} is full: make room and start again.").format(place=settings.kafka_dir)
    told = [line for line in lines if " ERROR " in line or " FATAL " in line or "Error" in line]
    return _("It said: {told}").format(told=told[-1][:300]) if told else _("It gave no reason.")


def _tail(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines()[-200:]


def _no_answer(settings: Settings, broker: Broker) -> str:
    return "\n".join(
        (
            _("Kafka not reached: it runs (process {pid}), but gave no answer within {seconds:.0f} seconds.").format(
                pid=broker.pid, seconds=settings.kafka_start_seconds
            ),
            _("It was left running. After a crash it first reads its records back; look again:  naadloos kafka status"),
            _("Or see what it does:  naadloos kafka logs"),
        )
    )


def _unreachable(settings: Settings) -> str:
    return "\n".join(
        (
            _("No answer from the Kafka at {servers}, which KAFKA_BOOTSTRAP_SERVERS names.").format(
                servers=settings.bootstrap_servers
            ),
            _("Nothing was started, since a cluster was given."),
            _("Check the address, or use a Kafka of this machine:  unset KAFKA_BOOTSTRAP_SERVERS"),
        )
    )
