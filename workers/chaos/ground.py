"""Where chaos happens: a Kafka, ports and a state directory of its own; nothing else on the machine is struck."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import psutil

from workers.chaos.copies import say_again
from workers.chaos.proxy import Proxy
from workers.runtime.kafka import server
from workers.runtime.kafka.process import running
from workers.runtime.language import _
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName
from workers.runtime.unable import UnableToError

PROGRAMME: Final = "chaos"
PORTS: Final = 20
"""The broker's and its controller's, the inbound adapter's, the world's, and the rest for the workers' health."""


class UnableToStrikeError(UnableToError):
    """There is nothing here that may be struck."""

    kind = "forbidden"


class Ground:
    """The settings of whoever is struck, and the proxy and the broker before and behind them."""

    def __init__(self, settings: Settings, proxy: Proxy) -> None:
        self.settings = settings
        self.proxy = proxy

    def start_broker(self) -> None:
        """The broker answers, and sends its clients to the proxy."""
        server.start(self.settings, advertised=self.proxy.port)
        self.proxy.open()

    def stop_broker(self) -> None:
        """The broker has ended, as `naadloos kafka stop` would have it end."""
        self.proxy.shut()
        server.stop(self.settings)

    def kill_broker(self) -> None:
        """The broker is gone without a word."""
        self.proxy.shut()
        process = self._broker()
        if process is not None:
            with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile, as one does whose disk is full
                process.kill()
                process.wait()

    def fill_broker(self) -> None:
        """The broker's disk takes nothing more. It ends by itself when it is to write there."""
        process = self._broker()
        if process is not None:
            fill_disk(process)

    def say_again(self, settings: Settings, topic: TopicName, count: int) -> int:
        """So many messages of this programme's topic stand in it once more, or as many as it takes; how many do."""
        return say_again(settings, topic, count)

    def _broker(self) -> psutil.Process | None:
        broker = running(self.settings)
        return broker.process() if broker else None


def fill_disk(process: psutil.Process) -> None:
    """Every write to a file fails, to this one process, as on a full disk; to sockets it writes as before."""
    process.rlimit(psutil.RLIMIT_FSIZE, (0, process.rlimit(psutil.RLIMIT_FSIZE)[1]))


def free_disk(process: psutil.Process) -> None:
    """It writes again. However often the disk was filled, once is enough."""
    most = process.rlimit(psutil.RLIMIT_FSIZE)[1]
    process.rlimit(psutil.RLIMIT_FSIZE, (most, most))


@contextmanager
def ground(settings: Settings, *, answer_seconds: float) -> Iterator[Ground]:
    """A broker behind its proxy, until the end. Raises `UnableToStrikeError` for a cluster that was given, or a run."""
    if not settings.embedded:
        raise UnableToStrikeError(_refused(settings))
    ours = _own(settings, answer_seconds)
    ours.state_dir.mkdir(parents=True, exist_ok=True)
    with _nobody_else(ours):
        server.stop(ours)  # one that was left by a run that was killed
        proxy = Proxy(broker=ours.kafka_port)
        proxy.start()
        try:
            one = Ground(ours, proxy)
            proxy.shut()
            one.start_broker()
            yield one
        finally:
            server.stop(ours)
            proxy.stop()


@contextmanager
def _nobody_else(ours: Settings) -> Iterator[None]:
    """No other run strikes what is in this folder meanwhile. Raises `UnableToStrikeError`."""
    with (ours.state_dir / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnableToStrikeError(_struck_already(ours)) from None
        yield


def _struck_already(ours: Settings) -> str:
    return "\n".join(
        (
            _("Nothing was struck: another run of chaos is at work in {folder}.").format(folder=ours.state_dir),
            _("Wait until it is over, or give this one a place of its own:  export NAADLOOS_STATE_DIR=FOLDER"),
        )
    )


def _own(settings: Settings, answer_seconds: float) -> Settings:
    first = free_ports(PORTS)
    return settings.model_copy(
        update={
            "state_dir": settings.state_dir / PROGRAMME,
            "programme": PROGRAMME,
            "topic_prefix": PROGRAMME,
            "kafka_cache_dir": settings.kafka_cache_dir or settings.kafka_dir,
            "kafka_port": first,
            "inbound_port": first + 2,
            "world_port": first + 3,
            "health_port": first + 4,
            "world_answer_seconds": answer_seconds,
        }
    )


def _refused(settings: Settings) -> str:
    return "\n".join(
        (
            _("Nothing was struck: KAFKA_BOOTSTRAP_SERVERS names the Kafka at {servers}.").format(
                servers=settings.bootstrap_servers
            ),
            _("Brokers are killed here, and only a Kafka that is started for it may be."),
            _("Let one be started:  unset KAFKA_BOOTSTRAP_SERVERS"),
        )
    )
