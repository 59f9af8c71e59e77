"""Which processes there are, and that each tells how it is at a place of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workers.crew.duties import duties, world_duty
from workers.effects.settings import EffectSettings
from workers.runtime.settings import Settings

ROOT = Path(__file__).parents[2]
SETTINGS = Settings(health_port=9700, inbound_port=9801, world_port=9802)


def test_each_worker_has_a_port_of_its_own_and_none_has_the_supervisors() -> None:
    crew = duties(SETTINGS, deciders=3, effects=2)
    world = world_duty(SETTINGS, Path("w"), until=datetime(2027, 7, 1, tzinfo=UTC).isoformat(), truth=Path("t"))
    ports = [duty.health for duty in (*crew, world)]

    assert len(set(ports)) == len(ports) == 9
    assert None not in ports
    assert SETTINGS.health_port not in ports


def test_a_worker_without_a_door_of_its_own_finds_its_port_in_its_environment() -> None:
    told = {duty.name: (duty.health, duty.environment["NAADLOOS_HEALTH_PORT"]) for duty in duties(SETTINGS)}

    assert told.pop("inbound") == (9801, "9700")
    assert {name: str(port) for name, (port, _) in told.items()} == {name: seen for name, (_, seen) in told.items()}


def test_each_worker_is_told_its_own_name() -> None:
    told = {duty.name: duty.command for duty in duties(SETTINGS, deciders=2, effects=2)}

    assert all(told[name][-1] == name for name in ("decider-1", "decider-2", "effects-1", "effects-2"))


def test_a_rehearsal_mails_nobody_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAADLOOS_SMTP_HOST", "mail.example")
    monkeypatch.setenv("NAADLOOS_POST", "smtp")
    rehearsed = Settings(clock_file=tmp_path / "clock")

    assert post_of(rehearsed, monkeypatch) == "outbox"
    assert post_of(Settings(), monkeypatch) == "smtp"


def post_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the effect workers of this programme post, as they read it in what they find."""
    worker = next(duty for duty in duties(settings) if duty.name == "effects-1")
    with monkeypatch.context() as there:
        for name, value in worker.environment.items():
            there.setenv(name, value)
        return EffectSettings().post


def test_the_port_of_the_clock_does_not_move_with_the_number_of_the_others() -> None:
    ports = {
        next(duty.health for duty in duties(SETTINGS, deciders=n, effects=n) if duty.name == "clock") for n in (1, 4)
    }

    assert ports == {9701}


def test_the_shipped_prometheus_asks_all_that_up_starts() -> None:
    shipped: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy" / "alerts" / "prometheus.yaml")
    (job,) = shipped["scrape_configs"]
    defaults = Settings.model_fields
    settings = Settings(health_port=defaults["health_port"].default, inbound_port=defaults["inbound_port"].default)
    wanted = {settings.health_port, *(duty.health for duty in duties(settings))}

    assert {int(target.rpartition(":")[2]) for target in job["static_configs"][0]["targets"]} == wanted
