"""The door of the inbound adapter: what is no list of reports is refused, and the log says why and of nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from tests.workers.inbound_office import Office
from workers.inbound import __main__ as inbound
from workers.inbound.__main__ import Door
from workers.runtime.health import Pulse
from workers.runtime.saying import UnableToShortenError

SPOKEN = b"""[{"id": "r-1", "source": "desk", "at": "2026-11-23T08:00:00Z", "kind": "spoken", "subject": "E-0001",
"actor": "els", "fact": {"type": "nl.naadloos.control.task-done.v1", "line": "E-0001-1",
"task": "E-0001-1/ask/1", "by": "els"}}]"""


async def refused(office: Office, body: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[str]]:
    """The status that this call-back is answered with, and the reasons that the log gives."""
    monkeypatch.setattr(inbound, "log", structlog.get_logger())
    application = web.Application()
    application.router.add_post("/reports", Door(office.intake, Pulse()).reports)
    with capture_logs() as told:
        async with TestClient(TestServer(application)) as client, client.post("/reports", data=body) as answer:
            return answer.status, [line["reason"] for line in told if line["event"] == "reports refused"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"anne", "json_invalid"),
        (b'[{"kind": "anne"}]', "union_tag_invalid"),
        (b'[{"kind": "sim", "iccid": "8931000000000000009", "state": "anne"}]', "literal_error missing"),
    ],
)
async def test_what_is_no_list_of_reports_is_refused_and_the_log_says_why_without_repeating_it(
    body: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await refused(Office(tmp_path), body, monkeypatch) == (400, [reason])


async def test_what_is_too_long_to_be_said_is_refused_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(tmp_path)

    def too_long(_saids: object) -> None:
        raise UnableToShortenError("Not said: too long.\nNothing was said.")

    monkeypatch.setattr(office.inbox, "say_all", too_long)

    assert await refused(office, SPOKEN, monkeypatch) == (400, ["too_long"])
