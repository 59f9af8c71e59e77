"""The world's truth against R1 to R6: silent where all is well, and not where one of them is broken."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic_core import to_json

from events.base import Account, Dossier, type_of
from events.control import CommandDone, CommandRefused, OutcomeUnknown
from events.cutover import Withdraw
from events.sim import ActivateSim
from tests.workers.small_world import AGAIN, DOSSIER, LINE, MONDAY, OTHER, SIM, line_row, roster
from workers.chaos.checker import History, Ordered
from workers.chaos.law import Effects, effects_in
from workers.world.acts import Act, Activate, Answer, Block, Cancel, EndOldLine, Execute, Request
from workers.world.chances import Rates
from workers.world.server import World
from workers.world.setup import WorldSetup

NUMBER = line_row().number
KEY = f"gm/{LINE}/activate/1"
ACTIVATE = Activate(SIM)


class Outside:
    """A world in a folder, what it was asked, and the history of those who asked it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        WorldSetup.of(roster(line_row(1), line_row(2)), seed=1, rates=Rates.calm()).save(folder)
        self.world = World(folder)
        self.past = History()
        self.truth = folder / "truth.jsonl"
        self._at = MONDAY

    def does(self, act: Act, key: str, line: str = LINE) -> Answer:
        return self.world.act(act.name, to_json(asdict(act)), reference=key, line=line, at=self._at)

    async def waits(self, days: int) -> list[str]:
        """The ids of what the world says meanwhile."""
        self._at += timedelta(days=days)
        return [report.id for report in await self.world.release(self._at)]

    def orders(self, *answers: str, key: str = KEY, type_: str = type_of(ActivateSim)) -> None:
        self.past.ordered[f"c/0/{len(self.past.ordered)}/0"] = Ordered(type_, key, LINE, list(answers))

    def judged(self) -> Effects:
        return effects_in(self.folder, self.truth, self.past)


@pytest.fixture
def outside(tmp_path: Path) -> Outside:
    return Outside(tmp_path)


def ports(dossier: Dossier) -> Request:
    return Request(dossier, NUMBER, SIM, "m-1", early_termination=True)


def test_what_was_ordered_done_once_and_answered_is_as_it_should_be(outside: Outside) -> None:
    outside.does(ACTIVATE, KEY)
    outside.does(ACTIVATE, KEY)
    outside.orders(type_of(CommandDone))

    assert outside.judged() == Effects(done=1)


def test_an_order_that_nobody_answered_is_missing(outside: Outside) -> None:
    outside.does(ACTIVATE, KEY)
    outside.orders()

    assert (outside.judged().missing, outside.judged().breaches) == (1, [f"{KEY} was ordered and never answered"])


def test_what_was_answered_as_done_and_is_not_is_missing(outside: Outside) -> None:
    outside.orders(type_of(CommandDone))

    assert outside.judged().missing == 1


@pytest.mark.parametrize("answer", [CommandRefused, OutcomeUnknown])
def test_what_nobody_claims_to_have_done_is_not_missing(outside: Outside, answer: type[CommandRefused]) -> None:
    outside.orders(type_of(answer))
    outside.orders(type_of(CommandDone), type_=type_of(Withdraw))

    assert outside.judged() == Effects()


async def test_r1_nobody_is_unreachable_by_our_doing(outside: Outside) -> None:
    """A port that nothing proved: the new SIM is in nobody's phone."""
    outside.does(ACTIVATE, KEY)
    outside.does(ports(DOSSIER), f"gm/{LINE}/port/1")
    await outside.waits(9)
    now = MONDAY + timedelta(days=9)
    outside.does(Execute(DOSSIER, SIM, now, now + timedelta(minutes=2)), f"gm/{LINE}/execute/1")
    await outside.waits(1)
    outside.does(Block(SIM), f"gm/{LINE}/block/1")  # the log goes on for a day in which nothing rings

    assert [why[:3] for why in outside.judged().breaches] == ["R1:"]


def test_r2_a_line_whose_number_ports_is_not_ended_by_notice(outside: Outside) -> None:
    outside.does(EndOldLine(NUMBER, Account("els"), MONDAY), f"gm/{LINE}/end/1")

    assert any(why.startswith("R2:") for why in outside.judged().breaches)


def test_r3_no_second_dossier_is_asked_for_while_one_is_open(outside: Outside) -> None:
    outside.does(ports(DOSSIER), f"gm/{LINE}/port/1")
    assert outside.judged().breaches == []

    outside.does(ports(AGAIN), f"gm/{LINE}/port/2")

    assert [why[:3] for why in outside.judged().breaches] == ["R3:"]


def test_r4_what_cannot_be_undone_stands_once_in_the_worlds_log(outside: Outside) -> None:
    outside.does(EndOldLine(NUMBER, Account("els"), MONDAY), f"gm/{LINE}/end/1")
    rows = outside.truth.read_text().splitlines()
    twice = next(row for row in rows if "act" in json.loads(row))
    outside.truth.write_text("\n".join([*rows, twice, ""]))

    judged = outside.judged()

    assert judged.repeated == 1
    assert any(why.startswith("R4:") for why in judged.breaches)


def test_r4_a_key_stands_for_one_request(outside: Outside) -> None:
    outside.does(ACTIVATE, KEY)

    outside.does(Activate(OTHER), KEY)

    judged = outside.judged()
    assert [why[:3] for why in judged.breaches] == ["R4:"]
    assert (judged.done, judged.repeated) == (1, 0)


def test_r4_a_key_stands_for_one_line_whether_or_not_something_was_done_there(outside: Outside) -> None:
    assert outside.does(Cancel(DOSSIER), KEY).code

    assert not outside.does(Activate(OTHER), KEY, line="E-0002-1").code

    judged = outside.judged()
    assert [why[:3] for why in judged.breaches] == ["R4:"]
    assert (judged.done, judged.repeated) == (1, 0)


def test_r4_what_was_done_on_two_lines_under_one_key_was_done_twice(outside: Outside) -> None:
    outside.does(ACTIVATE, KEY)
    outside.does(ACTIVATE, KEY, line="E-0002-1")

    judged = outside.judged()
    assert {why[:3] for why in judged.breaches} == {"R4:"}
    assert (judged.done, judged.repeated) == (2, 1)


async def test_r5_what_was_acknowledged_stands_in_the_inbox(outside: Outside) -> None:
    outside.does(ports(DOSSIER), f"gm/{LINE}/port/1")
    (report,) = await outside.waits(9)
    outside.world.acknowledge([report])
    assert [why[:3] for why in outside.judged().breaches] == ["R5:"]

    outside.past.heard.add(("new-provider", report))

    assert outside.judged().breaches == []


def test_r5_what_matched_nobody_stands_there_under_a_name_of_its_own(outside: Outside) -> None:
    outside.past.heard.add(("/naadloos/inbound", "unrouted/new-provider/r-1"))
    outside.world._store.acknowledge(["r-1"])  # noqa: SLF001 - as if the world had said it

    assert outside.judged().breaches == []


def test_r6_no_report_is_refused(outside: Outside) -> None:
    outside.past.refused.append("3/14: not_json")

    assert [why[:3] for why in outside.judged().breaches] == ["R6:"]
