"""On a drill no worker is started that would ask anybody: it bears a mark on Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from workers.cli import crew, main
from workers.cli.exits import Exit
from workers.runtime import drill
from workers.runtime.drill import refuse_drill
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS, drill_mark, topic_name


class Broker:
    """Tells which topics there are."""

    def __init__(self, *topics: str) -> None:
        self._topics = topics

    @contextmanager
    def reader(self, _settings: Settings) -> Iterator[Broker]:
        yield self

    def list_topics(self, *, timeout: float) -> SimpleNamespace:
        assert timeout > 0
        return SimpleNamespace(topics=dict.fromkeys(self._topics))


def programme(prefix: str) -> list[str]:
    return [topic_name(Settings(topic_prefix=prefix), topic.name) for topic in TOPICS]


def test_a_drill_is_told_with_what_to_type_instead_and_nothing_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"STATE_DIR": str(tmp_path), "PROGRAMME": "gm", "TOPIC_PREFIX": "trial", "LANG": "en"}.items():
        monkeypatch.setenv(f"NAADLOOS_{name}", value)
    monkeypatch.setattr(drill, "reader", Broker(*programme("gm"), *programme("trial"), "trial.drill").reader)
    monkeypatch.setattr(crew, "ensure_kafka", lambda _settings: None)
    monkeypatch.setattr(crew, "check_ports", lambda _settings, _crew: None)
    monkeypatch.setattr(crew.subprocess, "Popen", None)  # type: ignore[attr-defined]

    code = main(["up"])

    told = capsys.readouterr().err
    assert code == Exit.REFUSED
    assert "Not started: topics trial are a drill, a restore beside the running programme." in told
    assert "Look at it:  NAADLOOS_TOPIC_PREFIX=trial naadloos status" in told
    assert "unset NAADLOOS_TOPIC_PREFIX && naadloos up" in told
    assert "naadloos restore FILE --go" in told


@pytest.mark.parametrize("beside", ["trial.drill", "gm.drills", "drill"])
def test_the_programme_beside_which_it_stands_is_none(beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "reader", Broker(*programme("gm"), beside).reader)

    refuse_drill(Settings(topic_prefix="gm"))


def test_its_mark_is_no_topic_of_the_programmes() -> None:
    assert drill_mark(Settings(topic_prefix="gm")) not in programme("gm")
