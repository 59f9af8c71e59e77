"""Java, and the jars of the pinned Kafka: found, or fetched once through Maven."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from workers.runtime.kafka.places import POM, alone, kafka_version, unwritable
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

OLDEST_JAVA = 17
"""The oldest Java on which a Kafka 4 broker runs."""

_DOWNLOAD_SECONDS = 600


class UnableToFindJavaError(UnableToError):
    """No Java on this machine can run the broker."""


class UnableToFetchKafkaError(UnableToError):
    """The jars of Kafka are not here and could not be fetched."""


def find_java() -> str:
    """The path of a Java that can run the broker: that of `JAVA_HOME`, else the first on the path."""
    java = _installed_java()
    if java is None:
        raise UnableToFindJavaError(_needs_java(_("there is no Java on this machine")))
    version = java_version(java)
    if version is None:
        raise UnableToFindJavaError(_needs_java(_("{java} does not tell its version").format(java=java)))
    if version < OLDEST_JAVA:
        raise UnableToFindJavaError(_needs_java(_("{java} is Java {version}").format(java=java, version=version)))
    return java


def java_version(java: str) -> int | None:
    """The main number of a Java (17 for 17.0.15, 8 for 1.8.0), or None when it does not say."""
    try:
        told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else None


def ensure_jars(settings: Settings, *, say: Callable[[str], None]) -> Path:
    """The directory with the jars of the pinned Kafka, fetched first where they are not there yet.

    The directory's name holds a digest of the pom and appears in one rename: it is whole or absent, and another
    version of anything never replaces the jars under a running broker.
    """
    cache = settings.kafka_cache_dir or settings.kafka_dir
    libs = cache / f"libs-{kafka_version()}-{hashlib.sha256(POM.read_bytes()).hexdigest()[:8]}"
    if libs.is_dir():
        return libs
    with alone(cache / "libs.lock"):
        if not libs.is_dir():
            say(_("Fetching Apache Kafka {version} (44 MB, once) …").format(version=kafka_version()))
            _fetch(POM, into=libs)
    return libs


def _fetch(pom: Path, *, into: Path) -> None:
    unfinished = into.with_name(into.name + ".unfinished")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _copy_dependencies(pom, into=unfinished)
        unfinished.rename(into)
    except OSError as error:
        raise UnableToFetchKafkaError(unwritable(into, error)) from error


def _copy_dependencies(pom: Path, *, into: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        missing = _("Kafka not started: its jars are fetched with Maven, and there is no mvn on the path.")
        install = _("Nothing was fetched. Install it:  sudo apt install maven")
        raise UnableToFetchKafkaError(f"{missing}\n{install}")
    command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
    command += ["-DincludeScope=runtime", f"-DoutputDirectory={into}"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=_DOWNLOAD_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        why = _("no end after {seconds} seconds").format(seconds=_DOWNLOAD_SECONDS)
        raise UnableToFetchKafkaError(_maven_failed(why, command)) from error
    if ended.returncode != 0 or not any(into.glob("kafka_*.jar")):
        told = (line for line in (ended.stdout + ended.stderr).splitlines() if "ERROR" in line)
        raise UnableToFetchKafkaError(_maven_failed(next(told, _("no jars came")), command))


def _installed_java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home and (java := shutil.which(str(Path(home) / "bin" / "java"))):
        return java
    return shutil.which("java")


def _needs_java(why: str) -> str:
    return "\n".join(
        (
            _("Kafka not started: it needs Java {oldest} or later, and {why}.").format(oldest=OLDEST_JAVA, why=why),
            _("Nothing was started. Install one:  sudo apt install openjdk-17-jre-headless"),
            _("Or name the one to use:            export JAVA_HOME=/path/to/java"),
        )
    )


def _maven_failed(why: str, command: list[str]) -> str:
    spoken = " ".join(word for word in command if word != "-q")
    return "\n".join(
        (
            _("Kafka not started: Maven could not fetch its jars: {why}").format(why=why[:300]),
            _("Nothing was kept. With the network there, try again:  naadloos kafka start"),
            _("See all that Maven says:  {command}").format(command=spoken),
        )
    )
