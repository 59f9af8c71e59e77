"""The world as a process: its lines behind one door per act, and what it says, for whoever releases time."""

import asyncio
import heapq
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from workers.providers.reports import Report
from workers.runtime.clock import Clock
from workers.world import model
from workers.world.acts import ACTS, DONE, Act, Answer, refused
from workers.world.line import LineWorld, TruthLine
from workers.world.manners import AT_ONCE, Manner
from workers.world.setup import WorldSetup, announcements, beginning
from workers.world.store import RELEASE, Row, TruthLog, WorldStore
from workers.world.truth import BEGINNING, answered_by, plain

READERS: Final[dict[str, TypeAdapter[Act]]] = {name: TypeAdapter(act) for name, act in ACTS.items()}


class World:
    """All lines, rebuilt from the store after a restart by running the same model on the same acts again."""

    def __init__(self, directory: Path, *, truth_log: Path | None = None) -> None:
        self.setup = WorldSetup.load(directory)
        self._chances = self.setup.chances
        self._lines = beginning(self.setup)
        self._announcements = list(reversed(announcements(self.setup)))
        self._agenda: list[tuple[datetime, str]] = []
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("done", "refused", "repeated", "done_twice")
        }
        self._done: set[str] = set()
        self._asked: set[str] = set()
        self._pending: dict[str, Report] = {}
        self._unsaid: list[Report] = []
        self._store = WorldStore(directory)
        self._truth = TruthLog(truth_log or directory / "truth.jsonl")
        self._acknowledged = self._store.acknowledged()
        self._rebuild()

    def _rebuild(self) -> None:
        start = self.setup.starts
        first = ((line, TruthLine(start, answered_by(line), BEGINNING)) for line in self._lines.values())
        self._truth.write(plain(line, told) for line, told in first)
        for row in self._store.rows():
            if row.name == RELEASE:
                self._release(row.at)
            else:
                self._act(row, READERS[row.name].validate_json(row.body))
        self._acknowledged.clear()
        self._unsaid.clear()

    def act(self, name: str, body: bytes, *, reference: str, line: str, at: datetime) -> Answer:
        """What the world answers to this request, made durable before it is said. Raises `ValidationError`."""
        asked = READERS[name].validate_json(body)
        if line not in self._lines:
            self._asked.add(reference)
            return DONE if name == "send" else refused("unknown_line")
        return self._act(Row(at, line, name, reference, body), asked, keep=True)

    def _act(self, row: Row, asked: Act, *, keep: bool = False) -> Answer:
        acted = model.act(self._lines[row.line], asked, row.reference, row.at, self._chances)
        if keep:
            self._store.write(row)
        self._asked.add(row.reference)
        self._replace(row.line, acted.line)
        outcome = "repeated" if acted.repeated else "refused" if acted.answer.code else "done"
        self._counts[outcome][row.name] += 1
        if outcome == "done":
            self._counts["done_twice"][row.name] += row.reference in self._done
            self._done.add(row.reference)
        self._say(acted.reports)
        self._truth.write(plain(acted.line, told) for told in acted.truth)
        return acted.answer

    def _replace(self, name: str, line: LineWorld) -> None:
        before, self._lines[name] = self._lines[name], line
        when = model.due(line)
        if when is not None and when != model.due(before):
            heapq.heappush(self._agenda, (when, name))

    def _say(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if report.id not in self._acknowledged and report.id not in self._pending:
                self._pending[report.id] = report
                self._unsaid.append(report)

    def knows(self, reference: str) -> bool:
        """Whether something was asked under this reference before, and done or refused."""
        return reference in self._asked

    def line(self, name: str) -> LineWorld:
        """This line's part of the world, for whoever may know its truth: tests and the report."""
        return self._lines[name]

    def next_due(self) -> datetime | None:
        """When the world next does something by itself; None when nothing is ahead."""
        while self._agenda and model.due(self._lines[self._agenda[0][1]]) != self._agenda[0][0]:
            heapq.heappop(self._agenda)
        ahead = [self._agenda[0][0]] if self._agenda else []
        if self._announcements:
            ahead.append(self._announcements[-1].at)
        return min(ahead, default=None)

    async def release(self, until: datetime) -> list[Report]:
        """Let all that is due until then happen, and give what the world says that was not given before.

        Durable before it is given; ordered by time, then line, then the order within the line.
        """
        self._store.write(Row(until, "", RELEASE, "", b""))
        self._release(until)
        said, self._unsaid = self._unsaid, []
        await asyncio.sleep(0)
        return said

    def _release(self, until: datetime) -> None:
        said: list[tuple[datetime, str, int, Report]] = []
        truth: list[tuple[datetime, str, int, dict[str, Any]]] = []
        while self._announcements and self._announcements[-1].at <= until:
            spoken = self._announcements.pop()
            said.append((spoken.at, spoken.subject, len(said), spoken))
        for name in self._due_until(until):
            happened = model.happen(self._lines[name], until, self._chances)
            self._replace(name, happened.line)
            said += [(report.at, name, index, report) for index, report in enumerate(happened.reports)]
            truth += [(t.at, name, index, plain(happened.line, t)) for index, t in enumerate(happened.truth)]
        self._say(report for *_, report in sorted(said, key=lambda each: each[:3]))
        self._truth.write(line for *_, line in sorted(truth, key=lambda each: each[:3]))

    def _due_until(self, until: datetime) -> list[str]:
        names = set()
        while self._agenda and self._agenda[0][0] <= until:
            due, name = heapq.heappop(self._agenda)
            if model.due(self._lines[name]) == due:
                names.add(name)
        return sorted(names)

    def unacknowledged(self) -> list[Report]:
        """What the world said and nobody has confirmed to have taken in, in the order in which it was said."""
        return list(self._pending.values())

    def acknowledge(self, ids: Iterable[str]) -> None:
        """These reports were taken in: they are said no more, not after a restart either."""
        known = [id_ for id_ in ids if self._pending.pop(id_, None) is not None]
        self._store.acknowledge(known)

    def counts(self) -> dict[str, dict[str, int]]:
        """How many acts were done, refused and repeated, per kind of act."""
        return {outcome: dict(sorted(counter.items())) for outcome, counter in self._counts.items()}

    def close(self) -> None:
        """Let go of the files."""
        self._store.close()
        self._truth.close()


class Door:
    """The JSON interface: `POST /acts/<name>`, one request one act at the clock's time, keyed by `Idempotency-Key`.

    200 `{"value": …}`; 409 `{"code", "note"}` when refused; 400 when malformed; 504, after a wait, where the
    counterpart acted and its answer got lost. Where the world has bad manners, the first answer under a reference is
    slow, late, or broken off; what was asked is done all the same.
    """

    def __init__(self, world: World, clock: Clock, *, no_reply_seconds: float = 0.2) -> None:
        self._world = world
        self._clock = clock
        self._wait = no_reply_seconds

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application()
        application.router.add_post("/acts/{name}", self.act)
        application.router.add_get("/now", self.now)
        application.router.add_get("/counts", self.counts)
        return application

    async def act(self, request: web.Request) -> web.Response:
        """One act."""
        name, reference = request.match_info["name"], request.headers.get("Idempotency-Key", "")
        if name not in READERS or not reference:
            return _json({"code": "unknown_act_or_no_key"}, status=404 if reference else 400)
        parts = reference.split("/")
        line = request.query.get("line") or (parts[1] if len(parts) > 1 else "")
        body = await request.read()
        manner = self._manner(line, reference)
        try:
            answer = self._world.act(name, body, reference=reference, line=line, at=self._clock.now())
        except ValidationError as error:
            where = [".".join(map(str, each["loc"])) for each in error.errors()]
            return _json({"code": "malformed", "fields": where}, status=400)
        await asyncio.sleep(manner.seconds)
        if manner.breaks_off and request.transport is not None:
            request.transport.close()
        if answer.silent:
            await asyncio.sleep(self._wait)
            return _json({"code": "no_answer"}, status=504)
        if answer.code:
            return _json({"code": answer.code, "note": answer.note}, status=409)
        return _json({"value": answer.value})

    def _manner(self, line: str, reference: str) -> Manner:
        """How this is answered. Asked again under a reference that it knows, it answers as it should."""
        setup = self._world.setup
        return AT_ONCE if self._world.knows(reference) else setup.manners.towards(line, reference, setup.chances)

    async def now(self, _: web.Request) -> web.Response:
        """The world's time."""
        return _json({"now": self._clock.now()})

    async def counts(self, _: web.Request) -> web.Response:
        """Acts per effect: done, refused, repeated."""
        return _json(self._world.counts())


def _json(value: object, *, status: int = 200) -> web.Response:
    return web.Response(body=to_json(value), status=status, content_type="application/json")


async def serve(door: Door, *, port: int, host: str = "127.0.0.1") -> web.AppRunner:
    """The world listens. `await runner.cleanup()` ends it."""
    runner = web.AppRunner(door.application(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
