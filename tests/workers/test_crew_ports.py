"""Before the first worker is started, every port of the crew is free."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from workers.crew import ports
from workers.crew.duties import duties
from workers.crew.ports import check_ports
from workers.runtime.ports import UnableToListenError, free_ports
from workers.runtime.settings import Settings


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(ports, "PATIENCE", 0)
    first = free_ports(6)
    return Settings(health_port=first, inbound_port=first + 5)


@pytest.fixture
def taken(request: pytest.FixtureRequest, settings: Settings) -> Iterator[int]:
    """A port of the crew at which somebody else listens."""
    port: int = settings.health_port + request.param
    with closing(socket.create_server(("127.0.0.1", port))):
        yield port


def test_where_all_are_free_nothing_is_said(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    check_ports(settings, duties(settings))

    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("taken", "who", "setting"),
    [
        (0, "Worker supervisor", "NAADLOOS_HEALTH_PORT"),
        (2, "Worker decider-1", "NAADLOOS_HEALTH_PORT"),
        (5, "Worker inbound", "NAADLOOS_INBOUND_PORT"),
    ],
    indirect=["taken"],
)
def test_who_would_not_be_heard_is_named_with_what_to_set(
    settings: Settings, taken: int, who: str, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAADLOOS_LANG", "en")

    with pytest.raises(UnableToListenError) as unable:
        check_ports(settings, duties(settings))

    told = str(unable.value)
    assert f"{who} not started: port {taken} on 127.0.0.1 is in use by" in told
    assert f"export {setting}=" in told
