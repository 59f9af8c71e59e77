"""The data directory of the embedded broker: formatted once, and never opened by another Kafka than wrote it."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import uuid
from pathlib import Path

from workers.runtime.kafka.places import data_dir, kafka_version, unwritable
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

_OURS = "naadloos.json"
_FORMAT_SECONDS = 120


class UnableToOpenDataError(UnableToError):
    """The data directory was written by something else, or could not be written at all."""


def server_properties(settings: Settings, *, data: Path, advertised: int | None = None) -> str:
    """The broker's own configuration: one node that is broker and controller, on loopback alone.

    `advertised` is the port by which it sends clients on, where that is not its own: a proxy's.
    """
    broker, controller = f"127.0.0.1:{settings.kafka_port}", f"127.0.0.1:{settings.kafka_port + 1}"
    lines = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": controller,
        "listeners": f"PLAINTEXT://{broker},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{advertised or settings.kafka_port}",
        "inter.broker.listener.name": "PLAINTEXT",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": str(data),
        "log.retention.ms": "-1",
        # The default takes 128 MB of heap for a compaction that here has some thousands of keys at most.
        "log.cleaner.dedupe.buffer.size": str(16 * 2**20),
        "auto.create.topics.enable": "false",
        "group.initial.rebalance.delay.ms": "0",
        "offsets.retention.minutes": str(2**31 - 1),
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
    }
    return "".join(f"{key}={value}\n" for key, value in lines.items())


def ensure_formatted(settings: Settings, *, java: str, libs: Path, advertised: int | None = None) -> Path:
    """The path of the broker's configuration, beside a data directory that this Kafka may open."""
    data = data_dir(settings)
    try:
        if data.exists():
            check_data(data)
        else:
            _format(settings, java=java, libs=libs)
        properties = server_properties(settings, data=data, advertised=advertised)
        return _write(settings.kafka_dir / "server.properties", properties)
    except OSError as error:
        raise UnableToOpenDataError(unwritable(data, error)) from error


def check_data(data: Path) -> None:
    """The data directory was written by this version of Kafka and for this node, or the difference is told."""
    try:
        ours: dict[str, str] = json.loads((data / _OURS).read_text(encoding="utf-8"))
        written_by, cluster = ours["kafka"], ours["cluster"]
    except (OSError, ValueError, KeyError) as error:
        raise UnableToOpenDataError(_not_opened(_("{data} was not written by Naadloos"), data)) from error
    if written_by != kafka_version():
        why = _("{data} was written by Kafka {writer}, and this is Kafka {version}")
        raise UnableToOpenDataError(_not_opened(why, data, writer=written_by, version=kafka_version()))
    if (found := _cluster_id(data)) != cluster:
        why = _("{data} belongs to the cluster {found}, not to {cluster}")
        raise UnableToOpenDataError(_not_opened(why, data, found=found or _("unknown"), cluster=cluster))


def _format(settings: Settings, *, java: str, libs: Path) -> None:
    """The data directory appears in one rename, so that an interrupted formatting is done again from nothing."""
    fresh = data_dir(settings).with_name("data.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
    properties = _write(settings.kafka_dir / "format.properties", server_properties(settings, data=fresh))
    command = [java, "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", f"{libs}/*", "kafka.tools.StorageTool", "format"]
    command += ["--standalone", f"--cluster-id={cluster}", "-c", str(properties)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_FORMAT_SECONDS, check=False)
    if ended.returncode != 0:
        said = (ended.stderr or ended.stdout).strip().splitlines() or [_("no reason given")]
        raise UnableToOpenDataError(_not_opened(_("{data} could not be formatted: {said}"), fresh, said=said[-1][:300]))
    _write(fresh / _OURS, json.dumps({"kafka": kafka_version(), "cluster": cluster}))
    properties.unlink()
    fresh.rename(data_dir(settings))


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _cluster_id(data: Path) -> str | None:
    try:
        lines = (data / "meta.properties").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    return next((line.removeprefix("cluster.id=") for line in lines if line.startswith("cluster.id=")), None)


def _not_opened(why: str, data: Path, **parts: str) -> str:
    return "\n".join(
        (
            _("Kafka not started: {why}.").format(why=why.format(data=data, **parts)),
            _("Nothing in it was touched. Keep it aside and begin with an empty one:"),
            f"  mv {data} {data}.aside && naadloos kafka start",
            _("Or keep this programme's state elsewhere:  export NAADLOOS_STATE_DIR=/another/path"),
        )
    )
