from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from workers.runtime.log import configure, mask, write_lines


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure(worker="effects", file=tmp_path / "log.jsonl")
    yield tmp_path / "log.jsonl"
    root.handlers, root.level = handlers, level
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_line_names_worker_type_line_and_outcome(log_file: Path) -> None:
    structlog.get_logger().info("answered", type="t", line="E-0001-1", outcome="o", ms=1.5)

    (line,) = lines(log_file)
    assert (line["worker"], line["type"], line["line"], line["outcome"], line["ms"]) == (
        "effects",
        "t",
        "E-0001-1",
        "o",
        1.5,
    )


def test_a_field_that_nobody_allowed_is_left_out_and_counted(log_file: Path) -> None:
    structlog.get_logger().info("answered", name="Anne", address="Dorpsstraat 1", line="E-0001-1")

    (line,) = lines(log_file)
    assert "Anne" not in str(line)
    assert "Dorpsstraat" not in str(line)
    assert line["dropped"] == 2


def test_addresses_and_numbers_are_masked_wherever_they_stand(log_file: Path) -> None:
    structlog.get_logger().warning("not sent to anne@gemeente.nl", because="+31612345678 rang")
    logging.getLogger("library").warning("no mail to %s", "anne@gemeente.nl")

    text = log_file.read_text(encoding="utf-8")
    assert "anne" not in text
    assert "31612345678" not in text
    assert [line["worker"] for line in lines(log_file)] == ["effects", "effects"]


def test_a_library_is_heard_from_warning_on(log_file: Path) -> None:
    logging.getLogger("library").info("chatter")

    assert lines(log_file) == []


def test_lines_that_are_written_at_once_are_held_to_the_same_rules(log_file: Path) -> None:
    write_lines(
        [{"event": "decided", "level": "info", "subject": "E-0001", "name": "Anne", "because": "a@b.nl rang"}] * 2
    )

    first, second = lines(log_file)
    assert first == second
    assert {**first, "time": ""} == {
        "event": "decided",
        "level": "info",
        "subject": "E-0001",
        "because": "…@… rang",
        "dropped": 1,
        "worker": "effects",
        "time": "",
    }
    assert datetime.fromisoformat(first["time"]).utcoffset() == timedelta(0)


def test_a_disk_that_takes_no_lines_stops_nobody(log_file: Path) -> None:
    configure(worker="effects", file=Path("/dev/full"))

    write_lines([{"event": "decided", "level": "info"}])

    assert lines(log_file) == []


def test_ids_stay_readable() -> None:
    assert mask("E-0001-1 gm/E-0001-1/port/1 127.0.0.1:9392") == "E-0001-1 gm/E-0001-1/port/1 127.0.0.1:9392"


def test_a_line_that_the_disk_does_not_take_stops_nobody(log_file: Path) -> None:
    configure(worker="effects", file=Path("/dev/full"))

    structlog.get_logger().info("answered", line="E-0001-1")

    assert log_file.read_text() == ""
