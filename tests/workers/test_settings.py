"""What an operator sets comes through as it was meant, also to a worker in another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.messages import Role
from workers.cli import main
from workers.cli.exits import Exit
from workers.effects.settings import EffectSettings
from workers.runtime.settings import (
    Settings,
    UnableToReadSettingsError,
    as_environment,
    default_state_dir,
    read_settings,
    settings_of,
)


def set_only(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    monkeypatch.delenv("KAFKA_BOOTSTRAP_SERVERS", raising=False)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"NAADLOOS_{name.upper()}", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("servers", [None, "one:9092,two:9092"])
def test_a_worker_reads_the_same_settings_from_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, servers: str | None
) -> None:
    settings = Settings(
        state_dir=tmp_path, topic_prefix="rotterdam", flush_each_batch=False, kafka_bootstrap_servers=servers
    )

    set_only(monkeypatch, as_environment(settings))

    assert read_settings() == settings


def test_a_wrong_value_is_told_by_the_name_of_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    set_only(monkeypatch, {"NAADLOOS_PARTITIONS": "0"})

    with pytest.raises(UnableToReadSettingsError, match=r"NAADLOOS_PARTITIONS: (.|\n)*unset NAADLOOS_PARTITIONS"):
        read_settings()


def test_a_wrong_programme_is_told_alone_though_its_topics_are_named_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    set_only(monkeypatch, {"NAADLOOS_PROGRAMME": "Gemeente Utrecht"})

    with pytest.raises(UnableToReadSettingsError, match=r"NAADLOOS_PROGRAMME: ") as refusal:
        read_settings()
    assert "TOPIC_PREFIX" not in str(refusal.value)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("ZONE", "Mars/Base", "ZONE: give a time zone"),
        ("ROLE_ADDRESSES", "{broken", "ROLE_ADDRESSES: give one JSON object"),
        ("ROLE_ADDRESSES", '{"king": "willem@example.org"}', "ROLE_ADDRESSES: give one of: 'project_leader'"),
        ("ROLE_ADDRESSES", "[]", "ROLE_ADDRESSES: give one JSON object"),
        ("POST", "smtp", "POST: for smtp, set NAADLOOS_SMTP_HOST"),
        ("SILENCES", "0", "SILENCES: give 1 or more"),
    ],
)
def test_what_effect_workers_cannot_have_is_told_before_one_is_started(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    set_only(monkeypatch, {f"NAADLOOS_{variable}": value})

    with pytest.raises(UnableToReadSettingsError, match=f"NAADLOOS_{told}"):
        settings_of(EffectSettings)
    assert main(["--lang", "en", "up"]) == Exit.BAD_INPUT


def test_addresses_of_roles_are_read_from_one_object(monkeypatch: pytest.MonkeyPatch) -> None:
    set_only(monkeypatch, {"NAADLOOS_ROLE_ADDRESSES": '{"ops": "ops@example.org"}'})

    assert settings_of(EffectSettings).address_of(Role.OPS) == "ops@example.org"


def test_what_is_given_in_code_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_only(monkeypatch, {"KAFKA_BOOTSTRAP_SERVERS": "elsewhere:9092"})

    assert Settings(state_dir=tmp_path).bootstrap_servers == "elsewhere:9092"
    assert Settings(state_dir=tmp_path, kafka_bootstrap_servers=None).embedded


def test_an_empty_address_means_the_kafka_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    set_only(monkeypatch, {"KAFKA_BOOTSTRAP_SERVERS": ""})

    assert read_settings().embedded


def test_the_state_is_kept_where_xdg_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

    assert default_state_dir() == tmp_path / "naadloos"


def test_a_relative_state_directory_means_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert Settings(state_dir=Path("state")).state_dir == tmp_path / "state"


def test_a_variable_that_is_empty_is_one_that_is_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("NAADLOOS_STATE_DIR", "")
    monkeypatch.setenv("NAADLOOS_PARTITIONS", "")

    settings = read_settings()

    assert settings.state_dir == tmp_path / "naadloos"
    assert settings.partitions == 12
