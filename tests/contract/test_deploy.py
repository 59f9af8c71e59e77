"""What is shipped to run Naadloos elsewhere names what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from workers.cli import parser
from workers.effects.settings import EffectSettings
from workers.runtime.health import PATHS
from workers.runtime.kafka.places import kafka_version
from workers.scenario.shipped import STORIES

DEPLOY = Path(__file__).parents[2] / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "naadloos"}


def test_yaml_is_written_as_the_linter_wants_it() -> None:
    linted = subprocess.run(
        [sys.executable, "-m", "yamllint", "--strict", "--format", "parsable", DEPLOY, STORIES],
        cwd=DEPLOY.parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_kafka_of_the_compose_file_is_the_one_that_is_pinned() -> None:
    assert SERVICES["kafka"]["image"].rpartition(":")[2] == kafka_version()


@pytest.mark.parametrize("name", OURS)
def test_a_service_starts_something_that_is_there(name: str) -> None:
    service = OURS[name]
    if "entrypoint" not in service:
        assert callable(parser(service["command"]).parse_args(service["command"]).run)
        return
    python, m, contained, module, *_ = service["entrypoint"]

    assert (python, m) == ("python", "-m")
    assert find_spec(contained) is not None
    assert find_spec(f"{module}.__main__") is not None


@pytest.mark.parametrize("name", OURS)
def test_a_service_sets_only_what_is_a_setting(name: str) -> None:
    known = {
        str(field.validation_alias or f"NAADLOOS_{setting.upper()}")
        for setting, field in EffectSettings.model_fields.items()
    }

    assert set(OURS[name]["environment"]) <= known


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_waits_for_services_that_there_are(name: str) -> None:
    assert set(SERVICES[name].get("depends_on", {})) <= set(SERVICES)


def test_the_image_holds_what_the_workers_need_and_runs_as_nobody_in_particular() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINERFILE, re.MULTILINE)
    copied = [name for names in lines for name in names.split()]

    assert {"events", "orchestrator", "workers", "schemas", "pyproject.toml", "setup.py"} <= set(copied)
    assert all((DEPLOY.parent / name).exists() for name in copied)
    assert re.findall(r"^USER (\S+)$", CONTAINERFILE, re.MULTILINE) == ["10001"]


WORKERS = [name for name, service in OURS.items() if "entrypoint" in service]


@pytest.mark.parametrize("name", ["kafka", *WORKERS])
def test_what_runs_on_is_started_again_for_as_long_as_that_takes(name: str) -> None:
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_that_another_start_would_not_mend_does_not_end_its_container(name: str) -> None:
    assert SERVICES[name]["entrypoint"][2] == "workers.crew.contained"


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - {"kafka", *WORKERS}))
def test_what_is_done_once_is_not_started_again(name: str) -> None:
    assert "restart" not in SERVICES[name]


def test_a_group_that_was_down_for_long_goes_on_where_it_was() -> None:
    assert int(SERVICES["kafka"]["environment"]["KAFKA_OFFSETS_RETENTION_MINUTES"]) == 2**31 - 1


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_in_a_container_is_asked_where_it_tells_how_it_is(name: str) -> None:
    field = "inbound_port" if name == "inbound" else "health_port"
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", str(OURS[name]["healthcheck"]["test"]))

    assert asked is not None
    assert (int(asked[1]), asked[2]) == (EffectSettings.model_fields[field].default, "/live")
    assert asked[2] in PATHS
