"""Two rehearsals at once: the ports are looked at before anything is made, and a hint names those to set."""

from __future__ import annotations

import socket

import pytest

from tests.workers.conftest import Typed
from workers.cli.exits import Exit
from workers.crew.alone import Work, locked
from workers.rehearsal import run
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings


@pytest.mark.parametrize("name", ["NAADLOOS_INBOUND_PORT", "NAADLOOS_WORLD_PORT"])
def test_a_port_in_use_is_told_before_anything_is_made(
    typed: Typed, own: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def made(_settings: Settings) -> Settings:
        raise AssertionError("topics were made")

    first = free_ports(2)
    monkeypatch.setenv("NAADLOOS_INBOUND_PORT", str(first))
    monkeypatch.setenv("NAADLOOS_WORLD_PORT", str(first + 1))
    monkeypatch.setattr(run, "fresh", made)
    monkeypatch.setattr("workers.cli.demo.signal.signal", lambda *_how: None)
    with socket.socket() as other:
        other.bind(("127.0.0.1", first + (name == "NAADLOOS_WORLD_PORT")))
        other.listen()

        code, _, err = typed("demo --employees 10")

    assert code == Exit.UNAVAILABLE
    assert "Nothing was started." in err
    assert f"export {name}=" in err
    assert not own.folder.exists()


def test_whoever_may_rehearse_beside_another_is_told_which_ports_to_set(typed: Typed, own: Settings) -> None:
    with locked(own, Work.REHEARSAL):
        code, _, err = typed("demo --employees 10")

    assert code == Exit.REFUSED
    assert (
        "NAADLOOS_PROGRAMME=another NAADLOOS_INBOUND_PORT=9495 NAADLOOS_WORLD_PORT=9496 NAADLOOS_HEALTH_PORT=9500 "
        "naadloos demo"
    ) in err
