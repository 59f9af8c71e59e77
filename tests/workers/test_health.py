"""A worker tells on loopback whether it is live and ready, and what it knows; that nobody can ask it stops it not."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.workers.endpoints import StoppedPulse, close, health, served
from workers.runtime import health as health_module
from workers.runtime import health_routes
from workers.runtime.health import PATHS, serve
from workers.runtime.health_routes import add_health, beating
from workers.runtime.log import configure
from workers.runtime.metrics import breaker_is, name_worker, show

OK, UNAVAILABLE, NOT_FOUND = 200, 503, 404


@pytest.fixture(autouse=True)
def one_worker() -> Iterator[None]:
    yield
    name_worker("")


def asked(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_a_worker_whose_loop_turns_and_that_has_what_it_needs_is_live_and_ready() -> None:
    with served(health("well")) as url:
        assert (asked(f"{url}/live")[0], asked(f"{url}/ready")[0]) == (OK, OK)


def test_a_stuck_loop_is_not_live() -> None:
    with served(health("stuck", age=61)) as url:
        status, body = asked(f"{url}/live")

        assert status == UNAVAILABLE
        assert json.loads(body)["turned_seconds_ago"] >= 61
        assert 'naadloos_live{worker="stuck"} 0.0' in asked(f"{url}/metrics")[1]


def test_a_beat_makes_it_live_again() -> None:
    one = health("woken", age=61)
    with served(one) as url:
        one.pulse.beat()

        assert asked(f"{url}/live")[0] == OK


def test_a_worker_that_lacks_something_is_live_and_not_ready_and_says_what() -> None:
    with served(health("waiting", partitions=False, kafka=True)) as url:
        status, body = asked(f"{url}/ready")

        assert (status, json.loads(body)["waits_for"]) == (UNAVAILABLE, ["partitions"])
        assert asked(f"{url}/live")[0] == OK
        assert 'naadloos_ready{worker="waiting"} 0.0' in asked(f"{url}/metrics")[1]


def test_health_tells_what_this_worker_knows_and_nothing_of_what_it_does_not() -> None:
    one = health("knowing")
    show("naadloos_undecided_inputs", 3, partition="4")
    show("naadloos_oldest_undecided_input_seconds", 12.345, partition="4")
    breaker_is("old-provider", "half-open")

    told = one.report()

    assert (told.undecided, told.oldest_undecided_seconds) == ({"4": 3}, {"4": 12.3})
    assert told.breakers == {"old-provider": "half-open"}
    assert (told.dead_letters, told.oldest_unanswered_seconds) == ({}, {})


def test_another_page_is_not_found_and_names_those_that_are() -> None:
    with served(health("asked")) as url:
        status, body = asked(f"{url}/nothing")

    assert status == NOT_FOUND
    assert all(path in body for path in PATHS)


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure(worker="late", file=tmp_path / "log.jsonl")
    yield tmp_path / "log.jsonl"
    root.handlers, root.level = handlers, level
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()


def test_a_worker_whose_port_is_taken_says_so_in_its_log_and_answers_once_it_is_free(
    log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health_module, "AGAIN_SECONDS", 0.01)
    with served(health("first")) as url:
        port = int(url.rpartition(":")[2])
        second = serve(health("second"), port)
        assert not second.listens
        assert json.loads(asked(f"{url}/health")[1])["worker"] == "first"

    ends = time.monotonic() + 30
    while not second.listens and time.monotonic() < ends:
        time.sleep(0.01)
    assert json.loads(asked(f"{url}/health")[1])["worker"] == "second"
    assert second.server is not None
    close(second.server)
    lines = [json.loads(line) for line in log_file.read_text().splitlines()]
    assert [line["port"] for line in lines if line["event"] == "no health endpoint"] == [port]


async def test_a_door_that_is_there_anyway_gives_the_same_pages() -> None:
    application = web.Application()
    add_health(application, health("door", partitions=False))
    async with TestClient(TestServer(application)) as client:
        statuses = {path: (await client.get(path)).status for path in PATHS}
        body: dict[str, Any] = await (await client.get("/health")).json()

    assert statuses == {"/live": OK, "/ready": UNAVAILABLE, "/health": OK, "/metrics": OK}
    assert (body["worker"], body["ready"]) == ("door", False)


async def test_an_event_loop_that_turns_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_routes, "BEAT_SECONDS", 0)
    pulse = StoppedPulse(100)
    turning = asyncio.create_task(beating(pulse))
    await asyncio.sleep(0)

    assert pulse.age() < 100
    turning.cancel()
