"""`naadloos chaos` as anybody runs it: struck by every kind of fault, every line comes out as it does undisturbed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from workers.chaos.run import crew_names
from workers.chaos.strikes import KINDS
from workers.cli.exits import Exit
from workers.runtime.settings import Settings

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
NAADLOOS = Path(sys.executable).with_name("naadloos")
PATIENCE = 900
EMPLOYEES = 12
"""So many that the rehearsal outlasts the first strikes, of which each kind is one, and those that missed at first."""


def chaos(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NAADLOOS_", "KAFKA_"))}
    environment["NAADLOOS_STATE_DIR"] = str(folder / "state")
    environment["NAADLOOS_KAFKA_CACHE_DIR"] = str(Settings().kafka_cache_dir or Settings().kafka_dir)
    command = [str(NAADLOOS), "--lang", "en", "chaos", *words]
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The report of one short run, and what it told."""
    folder = tmp_path_factory.mktemp("chaos")
    report = folder / "report.json"
    words = [
        "--seed",
        "5",
        "--minutes",
        "2",
        "--employees",
        str(EMPLOYEES),
        "--rehearsals",
        "1",
        "--compare",
        "--report",
    ]
    ended = chaos(folder, *words, str(report))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return dict(json.loads(report.read_bytes())), ended.stdout


def test_nothing_is_lost_nothing_done_twice_and_every_line_comes_out_as_undisturbed(
    struck: tuple[dict[str, Any], str],
) -> None:
    report, said = struck

    assert (report["lost"], report["doubled"], report["wrong"], report["broken"]) == (0, 0, [], [])
    assert (report["effects"]["repeated"], report["effects"]["missing"]) == (0, 0)
    assert report["gap_minutes"]["ours"] == 0
    assert report["compared"] == report["rehearsals"] == 1
    assert report["records"] > 30 * EMPLOYEES
    assert report["effects"]["done"] > 10 * EMPLOYEES
    assert "Every promise was kept." in said


def test_every_worker_was_killed_and_every_other_kind_of_strike_fell(struck: tuple[dict[str, Any], str]) -> None:
    report, said = struck
    missed = set(KINDS) - set(report["strikes"])

    assert set(report["killed"]) == set(crew_names()), said
    assert missed <= {"duplicate", "hold", "cut"}, said  # there may be nothing yet to say again or to cut
    assert report["kills"] == sum(report["killed"].values())
    assert report["cuts"] > 0


def test_a_cluster_that_was_given_is_not_struck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
    environment = {**os.environ, "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1"}
    ended = subprocess.run(
        [NAADLOOS, "--lang", "en", "chaos"], env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == Exit.REFUSED
    assert "only a Kafka that is started for it" in ended.stderr
