"""The demo as anybody runs it: its report holds when recomputed, and killing workers changes nothing of how it ends."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.simulation.leaks import leaks, secrets
from tests.simulation.scraping import ports_of, scraped
from tests.simulation.second_sum import recomputed
from workers.cli.exits import Exit
from workers.imports.sample import STARTS, generate
from workers.runtime.kafka import server
from workers.runtime.ports import free_ports
from workers.runtime.settings import Settings

pytestmark = pytest.mark.integration
ROOT = Path(__file__).parents[2]
NAADLOOS = Path(sys.executable).with_name("naadloos")
PATIENCE = 300
EMPLOYEES = 60
SEED = 3
COUNTED = ("done", "ended", "held", "incidents")
KINDS = ("journal", "effects", "inbound", "clock", "promises", "world")


class Demo:
    """Demos of sixty employees, one after the other in one state directory, on ports of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        first = free_ports(10)
        self.settings = Settings(
            state_dir=folder / "state",
            kafka_port=first,
            kafka_bootstrap_servers=None,
            kafka_cache_dir=_jars(),
            inbound_port=first + 2,
            world_port=first + 3,
            health_port=first + 4,
        )
        self.pages: dict[str, list[str]] = {}
        """What the workers of the undisturbed demo gave to Prometheus."""
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("NAADLOOS_", "KAFKA_"))},
            "NAADLOOS_STATE_DIR": str(self.settings.state_dir),
            "NAADLOOS_KAFKA_PORT": str(self.settings.kafka_port),
            "NAADLOOS_KAFKA_CACHE_DIR": str(self.settings.kafka_cache_dir),
            "NAADLOOS_INBOUND_PORT": str(self.settings.inbound_port),
            "NAADLOOS_WORLD_PORT": str(self.settings.world_port),
            "NAADLOOS_HEALTH_PORT": str(self.settings.health_port),
        }

    def first_folder(self) -> Path:
        """Where the first demo kept what is not in Kafka."""
        return self.settings.state_dir / "demo.1"

    def start(self, name: str, *, employees: int = EMPLOYEES, seed: int = SEED) -> subprocess.Popen[bytes]:
        """A demo is running; its report and log are to bear this name."""
        self.folder.joinpath("said").mkdir(exist_ok=True)
        words = [
            "demo",
            "--employees",
            str(employees),
            "--seed",
            str(seed),
            "--report",
            self._report(name),
            "--world-log",
            self.log(name),
        ]
        with (self.folder / "said" / name).open("wb") as said:
            return subprocess.Popen(
                [NAADLOOS, *map(str, words)], env=self._environment, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT
            )

    def ended(self, name: str, process: subprocess.Popen[bytes], *, patience: float = PATIENCE) -> dict[str, Any]:
        """The report of a demo that ended well."""
        assert process.wait(patience) == 0, self.said(name)
        return dict(json.loads(self._report(name).read_bytes()))

    def type(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, typed beside the demo."""
        return subprocess.run(
            [NAADLOOS, "--lang", "en", *words],
            env=self._environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE,
        )  # fmt: skip

    def well(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        """The workers of a demo that runs, by their names, as `ps --health` has them once all of them are well."""
        said = ""
        while process.poll() is None:
            asked = self.type("ps", "--health", "--json")
            if asked.returncode == Exit.DONE:
                return {worker["name"]: worker for worker in json.loads(asked.stdout)["workers"]}
            said = asked.stdout + asked.stderr
        pytest.fail(f"never well while it ran: {said}")

    def said(self, name: str) -> str:
        return (self.folder / "said" / name).read_text()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.jsonl"

    def _report(self, name: str) -> Path:
        return self.folder / f"{name}.json"


def _jars() -> Path:
    return Settings().kafka_cache_dir or Settings().kafka_dir


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    one = Demo(tmp_path_factory.mktemp("demo"))
    yield one
    server.stop(one.settings)


@pytest.fixture(scope="module")
def report(demo: Demo) -> dict[str, Any]:
    """The report of a demo that nobody disturbed, and that was asked all the time how it was."""
    with scraped(demo.settings) as demo.pages:
        return demo.ended("undisturbed", demo.start("undisturbed"))


def test_every_line_is_accounted_for_and_every_message_decided_once(report: dict[str, Any]) -> None:
    assert report["employees"] == EMPLOYEES
    assert report["lines"] >= EMPLOYEES
    assert report["done"] + sum(report["ended"].values()) + sum(report["held"].values()) == report["lines"]
    assert sum(report["held"].values()) == len(report["held_lines"])
    assert all(held["tasks"] for held in report["held_lines"])
    _nothing_lost_and_nothing_twice(report)


def _nothing_lost_and_nothing_twice(report: dict[str, Any]) -> None:
    inbox, effects = report["inbox"], report["effects"]
    assert inbox["records"] > 30 * EMPLOYEES
    assert (inbox["decided_once"], inbox["undecided"], inbox["decided_twice"]) == (inbox["records"], 0, 0)
    assert effects["done"] > 10 * EMPLOYEES
    assert effects["repeated"] == 0
    assert effects["done"] == sum(report["world"]["done"].values())


def test_no_log_and_no_metric_holds_what_is_personal(demo: Demo, report: dict[str, Any]) -> None:
    hidden = secrets(generate(EMPLOYEES, SEED, STARTS))
    logs = {path.name: path.read_text() for path in demo.first_folder().joinpath("logs").glob("*.log")}
    pages = {name: "".join(told) for name, told in demo.pages.items()}

    assert report["done"] > 0
    assert {"clock.log", "decider-1.log", "effects-1.log", "inbound.log", "monitor.log"} <= {
        n for n, text in logs.items() if text
    }
    assert set(pages) == set(ports_of(demo.settings))
    assert {name: found for name, text in {**logs, **pages}.items() if (found := leaks(text, hidden))} == {}
    # The same eyes find it where it may stand.
    outbox = "".join(path.read_text() for path in demo.first_folder().joinpath("outbox").rglob("*") if path.is_file())
    assert leaks(outbox, hidden)


def test_each_worker_gives_the_metrics_that_it_knows(demo: Demo, report: dict[str, Any]) -> None:
    last = {name: [page for page in told if page.startswith("# HELP")][-1] for name, told in demo.pages.items()}

    for worker, metric in (
        ("clock", 'naadloos_lines{state="under_way",worker="clock"}'),
        ("clock", "naadloos_journal_position{"),
        ("clock", 'naadloos_oldest_unanswered_command_seconds{kind="porting"'),
        ("decider-1", 'naadloos_inbox_records_total{outcome="decided"'),
        ("effects-1", "naadloos_commands_answered_total{"),
        ("inbound", 'naadloos_reports_total{outcome="routed"'),
        ("world", 'naadloos_ready{worker="world"} 1.0'),
    ):
        assert f"\n{metric}" in last[worker], (worker, metric)
    decided = re.search(r'records_total\{outcome="decided",worker="decider-1"\} (\S+)', last["decider-1"])
    assert decided is not None
    assert report["inbox"]["records"] / 2 < float(decided[1]) <= report["inbox"]["records"]


def test_nobody_was_unreachable_by_our_doing(report: dict[str, Any]) -> None:
    assert report["gap_minutes"]["ours"] == 0
    assert report["incidents"]["ours"] == 0


def test_the_minutes_are_those_that_anybody_finds_in_the_worlds_log(demo: Demo, report: dict[str, Any]) -> None:
    assert recomputed(rows_of(demo.log("undisturbed"))) == {
        name: pytest.approx(value, abs=0.02) if isinstance(value, float) else value
        for name, value in {
            "covered": report["covered_minutes"],
            "interruptions": report["port_interruption_seconds"]["max"],
            **{f"minutes {owner}": minutes for owner, minutes in report["gap_minutes"].items()},
            **{f"incidents {owner}": count for owner, count in report["incidents"].items()},
        }.items()
    }


def test_the_same_seed_comes_out_the_same_though_workers_of_every_kind_are_killed(
    demo: Demo, report: dict[str, Any]
) -> None:
    process = demo.start("killed")
    killed = _kill(process, seed=3)
    disturbed = demo.ended("killed", process)

    assert killed == 7
    _came_out_the_same(disturbed, report)
    assert disturbed["gap_minutes"]["ours"] == 0
    _nothing_lost_and_nothing_twice(disturbed)


def test_a_demos_workers_are_asked_how_they_are_while_it_runs_and_end_with_it_alone(demo: Demo) -> None:
    process = demo.start("asked", employees=40)
    workers = demo.well(process)
    refused = demo.type("down")
    demo.ended("asked", process)

    assert set(workers) == {"clock", "decider-1", "effects-1", "inbound", "monitor", "world"}
    assert refused.returncode == Exit.REFUSED
    assert "press Ctrl+C where it was started" in refused.stderr
    assert demo.type("ps").returncode == Exit.UNAVAILABLE


@pytest.mark.long
def test_the_same_seed_again_comes_out_the_same(demo: Demo, report: dict[str, Any]) -> None:
    _came_out_the_same(demo.ended("again", demo.start("again")), report)


def _came_out_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert one["outcome_digest"] == other["outcome_digest"]
    assert {name: one[name] for name in COUNTED} == {name: other[name] for name in COUNTED}


def rows_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(row) for row in log.read_text().splitlines()]


def _kill(demo: subprocess.Popen[bytes], *, seed: int) -> int:
    """Each kind of worker is killed once, and one of them twice, at moments of the seed's choosing; how many kills."""
    draw = random.Random(seed)
    order = [*draw.sample(KINDS, len(KINDS)), draw.choice(KINDS)]
    killed = 0
    while order and demo.poll() is None:
        time.sleep(draw.uniform(0.5, 4.0) if killed else 0.2)
        workers = _workers(demo.pid)
        if len(workers) < len(KINDS) or time.time() - max(w.create_time() for w in workers.values()) < 0.5:
            continue  # not yet there, or one of them is only just back
        workers[order[0]].kill()
        del order[0]
        killed += 1
    return killed


def _workers(demo: int) -> dict[str, psutil.Process]:
    """The worker processes of this demo by their kind."""
    workers = {}
    try:
        for child in psutil.Process(demo).children():
            words = child.cmdline()
            if len(words) > 2 and words[2].startswith("workers."):
                workers[words[2].removeprefix("workers.")] = child
    except psutil.NoSuchProcess:
        return {}
    return workers
