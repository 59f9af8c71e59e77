"""`naadloos ps --health` asks each worker on its port, fails where something is amiss, and says what to type."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.workers.test_health import health, served
from workers.cli import main
from workers.cli.exits import Exit
from workers.cli.health import NEEDS, TEXTS
from workers.crew import asking
from workers.crew.asking import STARTING_SECONDS, What
from workers.crew.roll import Member, State, write
from workers.runtime.health import Health, Need
from workers.runtime.limits import LIMITS
from workers.runtime.metrics import REGISTRY, BreakerState, breaker_is, name_worker, show
from workers.runtime.settings import Settings

Typed = Callable[..., tuple[int, str, str]]
Crew = Callable[..., None]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("NAADLOOS_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "one")
    for name in ("NAADLOOS_TOPIC_PREFIX", "NAADLOOS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield Settings()
    name_worker("")


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Typed:
    def type_(*words: str) -> tuple[int, str, str]:
        code = main(["ps", *words])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return type_


@pytest.fixture
def crew(own: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[Crew]:
    """The crew is this one: a supervisor and a clock that answer, as real endpoints of this process."""
    with ExitStack() as doors:

        def stand(
            clock: Health | None,
            *,
            state: State = State.RUNNING,
            exit_code: int | None = None,
            restarts: int = 3,
            since: float | None = None,
        ) -> None:
            own.folder.mkdir(parents=True, exist_ok=True)
            ports = [
                int(doors.enter_context(served(one)).rpartition(":")[2]) if one else None
                for one in (health("supervisor"), clock)
            ]
            worker = Member(
                name="clock",
                pid=os.getpid(),
                state=state,
                restarts=restarts,
                last_exit=exit_code,
                health=ports[1],
                since=since,
            )
            write(own, (worker,), health=ports[0])
            name_worker(clock.worker if clock else "")
            capsys.readouterr()

        yield stand


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Callable[..., Health]:
    """A clock under a name of this test's own, so that no other test's figures are its."""
    return lambda **how: health(request.node.name, **how)


def test_where_all_is_well_it_is_a_table_and_done(crew: Crew, clock: Callable[..., Health], typed: Typed) -> None:
    crew(clock())
    show("naadloos_undecided_inputs", 2, partition="0")
    show("naadloos_undecided_inputs", 3, partition="1")
    show("naadloos_oldest_undecided_input_seconds", 4, partition="1")

    code, out, err = typed("--health")

    assert (code, err) == (Exit.DONE, "")
    (row,) = [line.split() for line in out.splitlines() if line.startswith("clock")]
    assert row == ["clock", "yes", "yes", "5", "4", "s", "–", "–", "–", "3"]


def test_a_worker_that_does_not_answer_is_told_with_its_log(crew: Crew, typed: Typed, own: Settings) -> None:
    crew(None)

    code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert f"clock does not say how it is. Read why:  tail {own.folder / 'logs' / 'clock.log'}" in err


def test_another_programmes_worker_on_its_port_does_not_pass_for_it(
    crew: Crew, clock: Callable[..., Health], typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew(clock())
    monkeypatch.setattr("workers.runtime.health.os.getpid", lambda: 1)

    code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err


@pytest.mark.parametrize("need", ["partitions", "kafka", "journal", "counterpart", "inbound", "workers"])
def test_a_worker_that_is_not_ready_is_told_with_what_it_lacks(
    crew: Crew, clock: Callable[..., Health], typed: Typed, need: Need, own: Settings
) -> None:
    crew(clock(**{need: False}))

    code, _, err = typed("--health")

    logs = own.folder / "logs"
    wanted = NEEDS[need].format(worker="clock", log=logs / "clock.log", inbound=logs / "inbound.log")
    assert code == Exit.FAILED
    assert wanted in err.splitlines()


@pytest.mark.parametrize("answers", [False, True], ids=["not yet heard", "not yet ready"])
def test_a_worker_that_was_started_only_just_now_is_starting_and_no_trouble(
    crew: Crew, clock: Callable[..., Health], typed: Typed, *, answers: bool
) -> None:
    crew(clock(journal=False) if answers else None, restarts=0, since=time.time())

    code, out, err = typed("--health")

    assert (code, err) == (Exit.DONE, "")
    assert next(line.split() for line in out.splitlines() if line.startswith("clock"))[1] == "starting"


def test_a_worker_that_listens_and_does_not_answer_is_not_starting(
    own: Settings, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as door:
        own.folder.mkdir(parents=True)
        worker = Member(
            name="clock",
            pid=os.getpid(),
            state=State.RUNNING,
            restarts=0,
            last_exit=None,
            health=door.getsockname()[1],
            since=time.time(),
        )
        write(own, (worker,))

        code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err


@pytest.mark.parametrize(("restarts", "seconds"), [(1, 0), (0, STARTING_SECONDS + 1)], ids=["again", "long ago"])
def test_a_worker_that_starts_again_or_for_too_long_is_a_trouble(
    crew: Crew, typed: Typed, restarts: int, seconds: float
) -> None:
    crew(None, restarts=restarts, since=time.time() - seconds)

    code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err


def test_a_stuck_worker_is_told_with_the_line_that_ends_it(
    crew: Crew, clock: Callable[..., Health], typed: Typed
) -> None:
    crew(clock(age=130))

    code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert f"clock is stuck: its loop stands still for 2 min. Have it started again:  kill -9 {os.getpid()}" in err


def test_a_stuck_supervisor_is_not_to_be_killed_since_nobody_would_start_it_again(
    own: Settings, typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(health("supervisor", age=130)) as door:
        own.folder.mkdir(parents=True)
        write(own, (), health=int(door.rpartition(":")[2]))
        name_worker("supervisor")
        capsys.readouterr()

        code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert err == (
        "supervisor is stuck: its loop stands still for 2 min, and nobody starts it again. "
        "Do:  naadloos down && naadloos up\n"
    )


def test_a_worker_that_was_given_up_is_told_and_not_asked(crew: Crew, typed: Typed) -> None:
    crew(None, state=State.GIVEN_UP, exit_code=71)

    code, _, err = typed("--health")

    assert code == Exit.FAILED
    assert err.startswith("clock was given up (exit code 71). Read why:  tail ")


@pytest.mark.parametrize(
    ("over", "said"),
    [(0, ""), (1, "A message waits for its decision for 1 min (partition 7). Is a decider well?  naadloos ps\n")],
)
def test_only_what_is_over_its_limit_is_worth_an_alarm(
    crew: Crew, clock: Callable[..., Health], typed: Typed, over: int, said: str
) -> None:
    crew(clock())
    limit = LIMITS["naadloos_oldest_undecided_input_seconds"]
    show("naadloos_oldest_undecided_input_seconds", limit, partition="3")
    show("naadloos_oldest_undecided_input_seconds", limit + over, partition="7")

    code, _, err = typed("--health")

    assert (code, err) == (Exit.FAILED if over else Exit.DONE, said)


def test_orders_and_dead_letters_that_wait_are_told(crew: Crew, clock: Callable[..., Health], typed: Typed) -> None:
    crew(clock())
    show("naadloos_oldest_unanswered_command_seconds", 7300, kind="porting")
    show("naadloos_oldest_unanswered_command_seconds", 10, kind="dispatch")
    show("naadloos_dead_letters_open", 2, reason="schema")
    show("naadloos_dead_letters_open", 0, reason="not_json")

    code, out, err = typed("--health")

    assert code == Exit.FAILED
    assert "An order to porting waits for its answer for 2 h 1 min." in err
    assert "Dead letters are open (schema): 2. See which:  naadloos dead-letters list" in err
    assert len(err.splitlines()) == 2
    assert "2 h 1 min" in out


@pytest.mark.parametrize(
    ("state", "code", "cell"),
    [("closed", 0, "closed"), ("half-open", 0, "new-provider half-open"), ("open", 1, "new-provider open")],
)
def test_an_open_breaker_is_worth_an_alarm_and_a_half_open_one_is_shown(
    crew: Crew, clock: Callable[..., Health], typed: Typed, state: BreakerState, code: int, cell: str
) -> None:
    crew(clock())
    breaker_is("new-provider", state)

    got, out, _ = typed("--health")

    assert got == code
    assert cell in out


def test_for_other_programs_it_is_json(crew: Crew, clock: Callable[..., Health], typed: Typed) -> None:
    crew(clock(partitions=False))

    code, out, err = typed("--health", "--json")

    told = json.loads(out)
    assert (code, told["well"], err) == (Exit.FAILED, False, "")
    assert told["workers"][1]["says"]["waits_for"] == ["partitions"]
    assert told["troubles"] == [{"what": "not-ready", "worker": "clock", "about": "partitions", "value": 0}]


def test_the_roll_is_told_as_json_too(crew: Crew, clock: Callable[..., Health], typed: Typed) -> None:
    crew(clock())

    code, out, _ = typed("--json")

    assert (code, json.loads(out)["workers"][0]["name"]) == (Exit.DONE, "clock")


def test_of_a_rehearsal_the_workers_are_asked_and_not_the_process_that_looks_after_them(
    own: Settings, crew: Crew, clock: Callable[..., Health], typed: Typed
) -> None:
    crew(clock())
    roll = json.loads(typed("--json")[1])
    write(own, tuple(map(Member.model_validate, roll["workers"])), rehearsal=True)

    code, out, err = typed("--health")

    assert (code, err) == (Exit.DONE, "")
    assert out.splitlines()[0] == "A rehearsal of one is running, with workers of its own."
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["worker", "clock"]


def test_where_nobody_runs_it_says_what_to_type(typed: Typed) -> None:
    code, out, _ = typed("--health")

    assert code == Exit.UNAVAILABLE
    assert "naadloos up" in out


@pytest.mark.parametrize("words", [("--json",), ("--json", "--health")])
def test_where_nobody_runs_other_programs_read_that_in_json(typed: Typed, words: tuple[str, ...]) -> None:
    code, out, err = typed(*words)

    assert (code, json.loads(out)["workers"]) == (Exit.UNAVAILABLE, [])
    assert "naadloos up" in err


def test_every_need_and_every_trouble_has_its_sentence() -> None:
    assert set(NEEDS) == set(Need.__args__)  # type: ignore[attr-defined]
    assert {*TEXTS, "not-ready"} == set(What.__args__)  # type: ignore[attr-defined]


def test_every_limit_is_of_a_metric_that_there_is() -> None:
    there = {family.name for family in REGISTRY.collect()}

    assert set(LIMITS) <= there
