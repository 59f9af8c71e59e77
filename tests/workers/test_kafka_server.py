"""What stands in the way of a Kafka on this machine is explained, with what to type, and nothing is started."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers.cli import main
from workers.cli.exits import Exit
from workers.runtime.kafka import process, server
from workers.runtime.kafka.jars import UnableToFetchKafkaError, UnableToFindJavaError, ensure_jars, find_java
from workers.runtime.kafka.places import UnableToKeepKafkaError, data_dir, kafka_version, make_places
from workers.runtime.kafka.process import check_ports
from workers.runtime.kafka.server import UnableToReachKafkaError, UnableToStartKafkaError, ensure_kafka
from workers.runtime.kafka.storage import UnableToOpenDataError, check_data
from workers.runtime.ports import UnableToListenError
from workers.runtime.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path / "state", kafka_bootstrap_servers=None, kafka_cache_dir=None)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def data_of(settings: Settings, *, version: str, cluster: str = "abc", meta: str | None = "abc") -> Path:
    data = data_dir(settings)
    data.mkdir(parents=True)
    (data / "naadloos.json").write_text(json.dumps({"kafka": version, "cluster": cluster}), encoding="utf-8")
    if meta is not None:
        (data / "meta.properties").write_text(f"version=1\ncluster.id={meta}\nnode.id=1\n", encoding="utf-8")
    return data


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)


def test_a_taken_port_names_who_holds_it(settings: Settings, taken: int) -> None:
    with pytest.raises(UnableToListenError) as told:
        check_ports(settings.model_copy(update={"kafka_port": taken}))

    assert f"port {taken} on 127.0.0.1 is in use by process {os.getpid()}" in str(told.value)
    assert "export NAADLOOS_KAFKA_PORT=" in str(told.value)


def test_the_port_of_the_controller_counts_too(settings: Settings, taken: int) -> None:
    with pytest.raises(UnableToListenError, match=f"port {taken} "):
        check_ports(settings.model_copy(update={"kafka_port": taken - 1}))


def test_missing_java_is_named_with_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    only(tmp_path, monkeypatch)

    with pytest.raises(UnableToFindJavaError, match=r"there is no Java on this machine(.|\n)*apt install openjdk-17"):
        find_java()


@pytest.mark.parametrize(("says", "number"), [("1.8.0_402", 8), ("11.0.22", 11), ("16", 16)])
def test_java_before_17_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, number: int) -> None:
    tool(tmp_path / "bin", "java", f"echo 'openjdk version \"{says}\" 2024-01-16' >&2")
    only(tmp_path / "bin", monkeypatch)

    with pytest.raises(UnableToFindJavaError, match=f"is Java {number}"):
        find_java()


def test_java_home_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool(tmp_path / "bin", "java", "echo 'java version \"11.0.1\"' >&2")
    only(tmp_path / "bin", monkeypatch)
    (tmp_path / "newer").mkdir()
    tool(tmp_path / "newer" / "bin", "java", "echo 'openjdk version \"21.0.2\" 2024-01-16' >&2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "newer"))

    assert find_java() == str(tmp_path / "newer" / "bin" / "java")


def test_missing_maven_is_named_with_what_installs_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(tmp_path, monkeypatch)

    with pytest.raises(UnableToFetchKafkaError, match="sudo apt install maven"):
        ensure_jars(settings, say=lambda _: None)


def test_a_download_that_failed_is_done_again_from_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = 'for word in "$@"; do case $word in -DoutputDirectory=*) : > "${word#*=}/kafka_half.jar";; esac; done'
    tool(tmp_path / "bin", "mvn", f"{half}\necho '[ERROR] connection reset'\nexit 1")
    only(tmp_path / "bin", monkeypatch)
    with pytest.raises(UnableToFetchKafkaError, match="connection reset"):
        ensure_jars(settings, say=lambda _: None)

    whole = half.replace("kafka_half.jar", "kafka_whole.jar")
    tool(tmp_path / "bin", "mvn", whole)
    libs = ensure_jars(settings, say=lambda _: None)

    assert [jar.name for jar in libs.iterdir()] == ["kafka_whole.jar"]


def test_jars_that_are_there_are_not_fetched_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = 'for word in "$@"; do case $word in -DoutputDirectory=*) : > "${word#*=}/kafka_2.jar";; esac; done'
    tool(tmp_path / "bin", "mvn", fetch)
    only(tmp_path / "bin", monkeypatch)
    first = ensure_jars(settings, say=lambda _: None)

    tool(tmp_path / "bin", "mvn", "exit 1")

    assert ensure_jars(settings, say=lambda _: None) == first


def test_a_disk_without_room_is_told_before_anything_starts(settings: Settings) -> None:
    with pytest.raises(UnableToKeepKafkaError, match=r"MB left(.|\n)*NAADLOOS_STATE_DIR"):
        server.start(settings.model_copy(update={"kafka_min_free_mb": 10**9}))


def test_a_state_directory_that_is_a_file_is_told(settings: Settings) -> None:
    settings.state_dir.write_text("", encoding="utf-8")

    with pytest.raises(UnableToKeepKafkaError, match=r"cannot be written(.|\n)*NAADLOOS_STATE_DIR"):
        server.start(settings)


def test_a_disk_that_filled_up_under_kafka_is_told_from_its_log(settings: Settings) -> None:
    make_places(settings)
    log = settings.kafka_dir / "logs" / "kafka.log"
    log.write_text("2026-11-23 ERROR LogDirFailure No space left on device\n", encoding="utf-8")

    assert "is full" in server.last_words(settings)


def test_data_of_the_pinned_version_is_opened(settings: Settings) -> None:
    check_data(data_of(settings, version=kafka_version()))


def test_data_of_another_version_is_left_alone(settings: Settings) -> None:
    data = data_of(settings, version="3.9.0")

    with pytest.raises(UnableToOpenDataError) as told:
        check_data(data)

    assert f"was written by Kafka 3.9.0, and this is Kafka {kafka_version()}" in str(told.value)
    assert f"mv {data} {data}.aside" in str(told.value)


@pytest.mark.parametrize("meta", ["another", None])
def test_data_of_another_cluster_is_left_alone(settings: Settings, meta: str | None) -> None:
    data = data_of(settings, version=kafka_version(), cluster="abc", meta=meta)

    with pytest.raises(UnableToOpenDataError, match=f"belongs to the cluster {meta or 'unknown'}, not to abc"):
        check_data(data)


def test_data_that_naadloos_did_not_write_is_left_alone(settings: Settings) -> None:
    data_dir(settings).mkdir(parents=True)

    with pytest.raises(UnableToOpenDataError, match="was not written by Naadloos"):
        check_data(data_dir(settings))


def test_a_pid_file_of_a_process_that_is_gone_counts_as_an_end_without_a_stop(settings: Settings) -> None:
    make_places(settings)
    # This process runs, but began at another time: the number was used again.
    stale = {"pid": os.getpid(), "began": 1.0, "port": settings.kafka_port}
    process.pid_file(settings).write_text(json.dumps(stale), encoding="utf-8")

    assert server.status(settings).broker is None
    assert server.status(settings).ended_unasked
    assert server.stop(settings) is None
    assert not server.status(settings).ended_unasked


def test_a_broker_that_runs_on_another_port_is_left_running(settings: Settings) -> None:
    make_places(settings)
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    elsewhere = process.spawn(settings, command, output=settings.kafka_dir / "out")
    try:
        with pytest.raises(UnableToStartKafkaError, match=f"on port {settings.kafka_port}"):
            server.start(settings.model_copy(update={"kafka_port": settings.kafka_port + 10}))
        assert elsewhere.process()
    finally:
        assert process.end(elsewhere, grace_seconds=10)
    assert elsewhere.process() is None


def test_a_process_that_does_not_listen_to_a_stop_is_killed(settings: Settings) -> None:
    make_places(settings)
    ready = settings.kafka_dir / "out"
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    broker = process.spawn(settings, [sys.executable, "-c", stubborn], output=ready)
    while "deaf" not in ready.read_text(encoding="utf-8"):
        assert broker.process()

    assert not process.end(broker, grace_seconds=0.1)
    assert broker.process() is None


def test_a_given_cluster_that_does_not_answer_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, kafka_bootstrap_servers="127.0.0.1:1")

    with pytest.raises(UnableToReachKafkaError, match="unset KAFKA_BOOTSTRAP_SERVERS"):
        ensure_kafka(settings)

    assert list(tmp_path.iterdir()) == []


class TestCommandLine:
    @pytest.fixture(autouse=True)
    def _own_state(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
        monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)

    def test_status_of_nothing_says_how_to_start(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["kafka", "status"]) == Exit.UNAVAILABLE
        assert "naadloos kafka start" in capsys.readouterr().out

    def test_status_of_a_given_cluster_says_so(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")

        assert main(["kafka", "status"]) == Exit.UNAVAILABLE
        assert "as KAFKA_BOOTSTRAP_SERVERS says" in capsys.readouterr().out

    def test_a_given_cluster_is_not_ours_to_stop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")

        assert main(["kafka", "stop"]) == Exit.REFUSED

    def test_what_cannot_be_done_is_told_without_a_traceback(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        only(tmp_path / "no-tools", monkeypatch)

        assert main(["kafka", "start"]) == Exit.UNAVAILABLE
        assert "apt install openjdk" in capsys.readouterr().err

    def test_a_setting_that_is_wrong_is_told_by_name(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NAADLOOS_KAFKA_PORT", "eighty")

        assert main(["kafka", "status"]) == Exit.BAD_INPUT
        assert "NAADLOOS_KAFKA_PORT" in capsys.readouterr().err

    def test_help_lists_the_commands(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["--help"])

        assert ended.value.code == 0
        assert "kafka" in capsys.readouterr().out
