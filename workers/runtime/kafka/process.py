"""The broker's process: spawned in a session of its own, remembered in a pid file, looked for, and ended."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from workers.runtime.ports import check_free
from workers.runtime.settings import Settings

_SAME_START_SECONDS = 2.0


@dataclass(frozen=True)
class Broker:
    """A running broker: its process, when that began (seconds since 1970), and its port.

    A process id alone is used again after a while; with the time that the process began it is not.
    """

    pid: int
    began: float
    port: int

    def process(self) -> psutil.Process | None:
        """The process if it still runs, None if it ended."""
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.began) < _SAME_START_SECONDS
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def memory_mb(self) -> int:
        """Resident memory in MB, 0 when it ended meanwhile."""
        try:
            return psutil.Process(self.pid).memory_info().rss // 2**20
        except psutil.NoSuchProcess:
            return 0


def pid_file(settings: Settings) -> Path:
    """Where the running broker is remembered."""
    return settings.kafka_dir / "kafka.pid"


def remembered(settings: Settings) -> Broker | None:
    """The broker of the pid file, whether or not it still runs."""
    try:
        return Broker(**json.loads(pid_file(settings).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def running(settings: Settings) -> Broker | None:
    """The broker of the pid file if its process still runs."""
    broker = remembered(settings)
    return broker if broker and broker.process() else None


def forget(settings: Settings) -> None:
    """No broker is remembered."""
    pid_file(settings).unlink(missing_ok=True)


def spawn(settings: Settings, command: list[str], *, output: Path) -> Broker:
    """The command runs in a session of its own, so that it outlives this process and no Ctrl-C reaches it."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    pid = os.posix_spawn(
        command[0],
        command,
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(output), write, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    broker = Broker(pid=pid, began=psutil.Process(pid).create_time(), port=settings.kafka_port)
    unfinished = pid_file(settings).with_suffix(".unfinished")
    unfinished.write_text(json.dumps(asdict(broker)), encoding="utf-8")
    unfinished.replace(pid_file(settings))
    return broker


def end(broker: Broker, *, grace_seconds: float) -> bool:
    """The process has ended. True when it ended by itself within the grace, False when it had to be killed."""
    process = broker.process()
    if process is None:
        return True
    try:
        process.terminate()
        process.wait(grace_seconds)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        process.kill()
        process.wait()
        return False
    return True


def check_ports(settings: Settings) -> None:
    """Both ports that the broker needs are free, or whoever holds one is named."""
    for port in (settings.kafka_port, settings.kafka_port + 1):
        check_free(port, what="Kafka", setting="NAADLOOS_KAFKA_PORT")
