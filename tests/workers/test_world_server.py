"""The simulated world as a server, spoken to through the adapter that the workers use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from events.cutover import Heard, Leg, Medium, Network
from events.messages import Template
from events.porting import PortState
from tests.workers.small_world import DESK, DOSSIER, IMEI, LINE, MONDAY, SIM, line_row, roster
from workers.providers.ports import Letter, NoAnswer, Refused
from workers.providers.simulated import SimulatedWorld, UnableToSpeakToWorldError
from workers.runtime.clock import SteppedClock
from workers.world.chances import Rates
from workers.world.server import Door, World, serve
from workers.world.setup import WorldSetup
from workers.world.sims import temporary_number

NUMBER = line_row().number
DAY = timedelta(days=1)
PATIENCE = 30


class Running:
    """A world that listens, its clock, and the adapter to it."""

    def __init__(self, world: World, clock: SteppedClock, url: str, adapter: SimulatedWorld) -> None:
        self.world, self.clock, self.url, self.adapter = world, clock, url, adapter

    async def moves_on(self, span: timedelta) -> None:
        """The clock and the world go on."""
        until = self.clock.now() + span
        while (due := self.world.next_due()) is not None and due <= until:
            await self.world.release(due)
        self.clock.set(until)

    async def counted(self) -> dict[str, dict[str, int]]:
        """The world's counts, as anybody may ask."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/counts") as response:
            counts: dict[str, dict[str, int]] = await response.json()
            return counts


@asynccontextmanager
async def running(directory: Path, rates: Rates | None = None) -> AsyncIterator[Running]:
    WorldSetup.of(roster(), seed=1, rates=rates or Rates.calm()).save(directory)
    clock = SteppedClock(directory / "clock")
    clock.set(MONDAY)
    world = World(directory)
    runner = await serve(Door(world, clock, no_reply_seconds=0), port=0)
    url = _url(runner)
    try:
        async with SimulatedWorld(url, answer_seconds=PATIENCE, pause=0.01) as adapter:
            yield Running(world, clock, url, adapter)
    finally:
        await runner.cleanup()
        world.close()


def _url(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"


def key(effect: str, attempt: int = 1) -> str:
    return f"gm/{LINE}/{effect}/{attempt}"


async def test_a_line_is_moved_through_every_door(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        world = it.adapter
        assert await world.activate(SIM, reference=key("activate")) == temporary_number(SIM)
        barcode = await world.ship(iccid=SIM, imei=IMEI, to="p-1", site="town hall", reference=key("ship"))
        assert barcode.startswith("3S")
        await world.request(
            DOSSIER, number=NUMBER, iccid=SIM, mandate="m-1", early_termination=True, reference=key("port")
        )
        await it.moves_on(12 * DAY)
        status = await world.ask(DOSSIER, reference=key("ask"))
        assert status.state is PortState.ACCEPTED
        heard = await world.test(
            iccid=SIM, number=temporary_number(SIM), medium=Medium.VOICE, origins=("kpn",), reference=key("test")
        )
        assert heard == (Heard(origin="kpn", leg=Leg.HANDSET),)
        for network in Network:
            before = await world.set_forward(
                network, number=NUMBER, iccid=SIM, target=DESK, generation=1, reference=key(f"net-{network}")
            )
            assert before is None
        now = it.clock.now()
        limit = now + timedelta(minutes=2)
        await world.execute(DOSSIER, iccid=SIM, evidence_at=now, not_after=limit, reference=key("execute"))
        await it.moves_on(timedelta(minutes=6))
        assert (await world.ask(DOSSIER, reference=key("ask", 2))).state is PortState.PERFORMED
        await world.clear_forward(
            Network.NEW, number=NUMBER, iccid=SIM, generation=1, restore=None, evidence_at=now, reference=key("clear")
        )
        await world.collect(to="p-1", iccid=None, reference=key("old-kit"))
        letter = Letter(key("letter"), Template.REACHED, LINE, "a@b.nl", "Title", "Body", to="p-1")
        assert await world.send(letter) is False
        counts = await it.counted()
        assert counts["done"]["execute"] == 1
        assert not counts["refused"]


async def test_a_refusal_comes_with_its_code(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        with pytest.raises(Refused) as refused:
            await it.adapter.cancel(DOSSIER, reference=key("cancel"))
        assert refused.value.code == "unknown_dossier"


async def test_an_answer_that_got_lost_was_acted_on_and_is_given_when_asked_again(tmp_path: Path) -> None:
    async with running(tmp_path, Rates.calm(no_reply=1.0)) as it:
        with pytest.raises(NoAnswer):
            await it.adapter.activate(SIM, reference=key("activate"))
        assert await it.adapter.activate(SIM, reference=key("activate")) == temporary_number(SIM)
        counts = await it.counted()
        assert counts["done"] == counts["repeated"] == {"activate": 1}


async def test_a_letter_without_an_answer_goes_out_once_more_and_says_so(tmp_path: Path) -> None:
    async with running(tmp_path, Rates.calm(no_reply=1.0)) as it:
        letter = Letter(key("letter"), Template.REACHED, LINE, "a@b.nl", "Title", "Body", to="p-1")
        assert await it.adapter.send(letter) is True


async def test_a_letter_about_no_line_is_delivered_all_the_same(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        letter = Letter("gm/P-main-0/task/1", Template.TASK, "P-main-0", "a@b.nl", "T", "B", "P-main-0/route-report/1")
        assert await it.adapter.send(letter) is False


async def test_a_world_that_is_down_is_asked_again_a_bounded_number_of_times(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        url = it.url
    async with SimulatedWorld(url, answer_seconds=PATIENCE, tries=3, pause=0.001) as adapter:
        with pytest.raises(NoAnswer):
            await adapter.activate(SIM, reference=key("activate"))


async def test_a_malformed_request_is_told_without_what_stood_in_it(tmp_path: Path) -> None:
    async with running(tmp_path) as it:
        wrong = Letter(key("letter"), "no-such-template", LINE, "", "", "")  # type: ignore[arg-type]
        with pytest.raises(UnableToSpeakToWorldError) as unable:
            await it.adapter.send(wrong)
        assert "template" in str(unable.value)
        assert "no-such-template" not in str(unable.value)


async def test_the_world_tells_its_time(tmp_path: Path) -> None:
    async with (
        running(tmp_path) as it,
        aiohttp.ClientSession() as session,
        session.get(f"{it.url}/now") as response,
    ):
        assert response.status == 200
        assert (await response.json())["now"].startswith("2027-03-01T08:00:00")
