"""`naadloos ps --health` asks each worker on its port, fails where something is amiss, and says what to type."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest

from tests.workers.conftest import Crew, Ps
from tests.workers.endpoints import health, served
from workers.cli.exits import Exit
from workers.cli.health import NEEDS, TEXTS
from workers.crew.asking import What
from workers.crew.roll import Member, State, write
from workers.runtime.health import Health, Need
from workers.runtime.kafka.health import answers
from workers.runtime.limits import LIMITS
from workers.runtime.metrics import REGISTRY, BreakerState, breaker_is, name_worker, show
from workers.runtime.settings import Settings


def test_where_all_is_well_it_is_a_table_and_done(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock())
    show("naadloos_undecided_inputs", 2, partition="0")
    show("naadloos_undecided_inputs", 3, partition="1")
    show("naadloos_oldest_undecided_input_seconds", 4, partition="1")

    code, out, err = ps("--health")

    assert (code, err) == (Exit.DONE, "")
    (row,) = [line.split() for line in out.splitlines() if line.startswith("clock")]
    assert row == ["clock", "yes", "yes", "5", "4", "s", "–", "–", "–", "3"]


def test_a_worker_that_does_not_answer_is_told_with_its_log(crew: Crew, ps: Ps, own: Settings) -> None:
    crew(None)

    code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert f"clock does not say how it is. Read why:  tail {own.folder / 'logs' / 'clock.log'}" in err


def test_another_programmes_worker_on_its_port_does_not_pass_for_it(
    crew: Crew, clock: Callable[..., Health], ps: Ps, monkeypatch: pytest.MonkeyPatch
) -> None:
    crew(clock())
    monkeypatch.setattr("workers.runtime.health.os.getpid", lambda: 1)

    code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert "clock does not say how it is" in err


@pytest.mark.parametrize("need", ["partitions", "kafka", "journal", "counterpart", "inbound", "workers"])
def test_a_worker_that_is_not_ready_is_told_with_what_it_lacks(
    crew: Crew, clock: Callable[..., Health], ps: Ps, need: Need, own: Settings
) -> None:
    crew(clock(**{need: False}))

    code, _, err = ps("--health")

    logs = own.folder / "logs"
    wanted = NEEDS[need].format(worker="clock", log=logs / "clock.log", inbound=logs / "inbound.log")
    assert code == Exit.FAILED
    assert wanted in err.splitlines()


def test_a_stuck_worker_is_told_with_the_line_that_ends_it(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock(age=130))

    code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert f"clock is stuck: its loop stands still for 2 min. Have it started again:  kill -9 {os.getpid()}" in err


def test_a_stuck_supervisor_is_not_to_be_killed_since_nobody_would_start_it_again(
    own: Settings, ps: Ps, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(health("supervisor", age=130)) as door:
        own.folder.mkdir(parents=True)
        write(own, (), health=int(door.rpartition(":")[2]))
        name_worker("supervisor")
        capsys.readouterr()

        code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert err == (
        "supervisor is stuck: its loop stands still for 2 min, and nobody starts it again. "
        "Do:  naadloos down && naadloos up\n"
    )


def test_a_worker_that_was_given_up_is_told_and_not_asked(crew: Crew, ps: Ps) -> None:
    crew(None, state=State.GIVEN_UP, exit_code=71)

    code, _, err = ps("--health")

    assert code == Exit.FAILED
    assert err.startswith("clock was given up (exit code 71). Read why:  tail ")


@pytest.mark.parametrize(
    ("over", "said"),
    [(0, ""), (1, "A message waits for its decision for 1 min (partition 7). Is a decider well?  naadloos ps\n")],
)
def test_only_what_is_over_its_limit_is_worth_an_alarm(
    crew: Crew, clock: Callable[..., Health], ps: Ps, over: int, said: str
) -> None:
    crew(clock())
    limit = LIMITS["naadloos_oldest_undecided_input_seconds"]
    show("naadloos_oldest_undecided_input_seconds", limit, partition="3")
    show("naadloos_oldest_undecided_input_seconds", limit + over, partition="7")

    code, _, err = ps("--health")

    assert (code, err) == (Exit.FAILED if over else Exit.DONE, said)


def test_orders_and_dead_letters_that_wait_are_told(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock())
    show("naadloos_oldest_unanswered_command_seconds", 7300, kind="porting")
    show("naadloos_oldest_unanswered_command_seconds", 10, kind="dispatch")
    show("naadloos_dead_letters_open", 2, reason="schema")
    show("naadloos_dead_letters_open", 0, reason="not_json")

    code, out, err = ps("--health")

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
    crew: Crew, clock: Callable[..., Health], ps: Ps, state: BreakerState, code: int, cell: str
) -> None:
    crew(clock())
    breaker_is("new-provider", state)

    got, out, _ = ps("--health")

    assert got == code
    assert cell in out


def test_of_a_rehearsal_the_workers_are_asked_and_not_the_process_that_looks_after_them(
    own: Settings, crew: Crew, clock: Callable[..., Health], ps: Ps
) -> None:
    crew(clock())
    roll = json.loads(ps("--json")[1])
    write(own, tuple(map(Member.model_validate, roll["workers"])), rehearsal=True)

    code, out, err = ps("--health")

    assert (code, err) == (Exit.DONE, "")
    assert out.splitlines()[0] == "A rehearsal of one is running, with workers of its own."
    assert [line.split()[0] for line in out.splitlines()[1:]] == ["worker", "clock"]


@pytest.mark.parametrize(
    ("given", "what_to_type"),
    [("", "Start it:  naadloos kafka start"), ("127.0.0.1:1", "See whether it runs:  naadloos kafka status")],
)
def test_that_kafka_is_away_is_told_at_once_though_no_worker_has_noticed(
    crew: Crew,
    clock: Callable[..., Health],
    ps: Ps,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    what_to_type: str,
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", given)
    monkeypatch.setenv("NAADLOOS_KAFKA_PORT", "1024")
    monkeypatch.setattr("workers.cli.health.answers", answers)
    crew(clock())

    code, out, err = ps("--health")

    assert code == Exit.FAILED
    servers = given or "127.0.0.1:1024"
    told = f"Kafka does not answer at {servers}: what the workers tell of themselves may stem from before. "
    assert err == told + what_to_type + "\n"
    assert "clock" in out
    code, out, _ = ps("--health", "--json")
    assert (code, json.loads(out)["kafka"], json.loads(out)["well"]) == (Exit.FAILED, False, False)


def test_where_nobody_runs_it_says_what_to_type(ps: Ps) -> None:
    code, out, _ = ps("--health")

    assert code == Exit.UNAVAILABLE
    assert "naadloos up" in out


def test_a_promise_that_was_broken_is_told(crew: Crew, clock: Callable[..., Health], ps: Ps) -> None:
    crew(clock())
    show("naadloos_promises_broken", 1, reason="law")
    show("naadloos_promises_broken", 0, reason="keys")
    try:
        code, _, err = ps("--health")
    finally:
        show("naadloos_promises_broken", 0, reason="law")

    assert code == Exit.FAILED
    assert all(line.startswith("Decisions broke a promise (law): 1.") for line in err.splitlines())
    assert "grep 'promise broken'" in err


def test_every_need_and_every_trouble_has_its_sentence() -> None:
    assert set(NEEDS) == set(Need.__args__)  # type: ignore[attr-defined]
    assert {*TEXTS, "not-ready"} == set(What.__args__)  # type: ignore[attr-defined]


def test_every_limit_is_of_a_metric_that_there_is() -> None:
    there = {family.name for family in REGISTRY.collect()}

    assert set(LIMITS) <= there
