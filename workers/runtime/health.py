"""How a worker is: live while its loop turns, ready while it has what it needs; told on loopback to whoever asks.

Four pages: `/live` and `/ready` answer 200 or 503, `/health` is both with what the worker knows, `/metrics` is for
Prometheus (docs/health.md). Ages and counts on `/health` are the metrics' own, so that the two cannot differ.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Final, Literal, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict

from workers.runtime.metrics import BREAKER_STATES, BreakerState, exposition, show, shown

HOST: Final = "127.0.0.1"
OK, UNAVAILABLE, NOT_FOUND = 200, 503, 404
PATHS: Final = ("/live", "/ready", "/health", "/metrics")
Need = Literal["counterpart", "inbound", "journal", "kafka", "partitions", "workers"]
"""What a worker may need for its work. `counterpart`: whom it asks answers; `workers`: all that it looks after run."""
_JSON: Final = "application/json"
AGAIN_SECONDS: Final = 1.0
"""Between two looks whether a port that was taken is free."""
log = structlog.get_logger()


class Pulse:
    """When a loop last came round. Beating costs next to nothing, so a loop may beat for each record that it takes."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def beat(self) -> None:
        """The loop came round."""
        self._last = time.monotonic()

    def age(self) -> float:
        """Seconds since it last did."""
        return time.monotonic() - self._last


class Report(BaseModel):
    """How a worker is, as `/health` gives it. What a worker does not know is empty."""

    model_config = ConfigDict(frozen=True)

    worker: str
    pid: int
    live: bool
    ready: bool
    waits_for: tuple[Need, ...] = ()
    """What it lacks for being ready."""
    turned_seconds_ago: float
    undecided: dict[str, int] = {}
    """Inbox records without a decision, by partition."""
    oldest_undecided_seconds: dict[str, float] = {}
    """By partition."""
    oldest_unanswered_seconds: dict[str, float] = {}
    """By kind of command."""
    dead_letters: dict[str, int] = {}
    """Open, by reason."""
    breakers: dict[str, BreakerState] = {}
    """By provider."""
    promises_broken: dict[str, int] = {}
    """Decisions that broke a promise, by promise."""


class Answer(NamedTuple):
    """What an HTTP door has to send."""

    status: int
    content_type: str
    body: bytes


@dataclass
class Health:
    """One worker's health. `conditions` names what it needs, and whether it has it now."""

    worker: str
    conditions: Callable[[], Mapping[Need, bool]]
    stuck_seconds: float
    """A loop that has not turned for so long is stuck."""
    pulse: Pulse = field(default_factory=Pulse)

    def live(self) -> bool:
        """Whether the worker's loop turned of late."""
        return self.pulse.age() < self.stuck_seconds

    def lacks(self) -> tuple[Need, ...]:
        """What the worker needs and does not have."""
        return tuple(name for name, holds in self.conditions().items() if not holds)

    def report(self) -> Report:
        """How the worker is now, and what it knows of the programme."""
        lacks = self.lacks()
        return Report(
            worker=self.worker,
            pid=os.getpid(),
            live=self.live(),
            ready=not lacks,
            waits_for=lacks,
            turned_seconds_ago=round(self.pulse.age(), 1),
            undecided=_whole(shown("naadloos_undecided_inputs", "partition")),
            oldest_undecided_seconds=_rounded(shown("naadloos_oldest_undecided_input_seconds", "partition")),
            oldest_unanswered_seconds=_rounded(shown("naadloos_oldest_unanswered_command_seconds", "kind")),
            dead_letters=_whole(shown("naadloos_dead_letters_open", "reason")),
            promises_broken=_whole(shown("naadloos_promises_broken", "reason")),
            breakers={
                name: BREAKER_STATES[int(state)] for name, state in shown("naadloos_breaker_state", "provider").items()
            },
        )

    def answer(self, path: str) -> Answer:
        """What to send to whoever asks for this page."""
        match path.partition("?")[0]:
            case "/live":
                return self._yes_or_no(holds=self.live())
            case "/ready":
                return self._yes_or_no(holds=not self.lacks())
            case "/health":
                return Answer(OK, _JSON, self.report().model_dump_json().encode())
            case "/metrics":
                show("naadloos_live", self.live())
                show("naadloos_ready", not self.lacks())
                return Answer(OK, *exposition())
            case _:
                return Answer(NOT_FOUND, "text/plain", f"There are: {' '.join(PATHS)}\n".encode())

    def _yes_or_no(self, *, holds: bool) -> Answer:
        return Answer(OK if holds else UNAVAILABLE, _JSON, self.report().model_dump_json().encode())


def _whole(values: Mapping[str, float]) -> dict[str, int]:
    return {name: int(value) for name, value in values.items()}


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in values.items()}


class Server(ThreadingTCPServer):
    """Like the library's HTTP server, which would ask a name server for the machine's name before it listens."""

    allow_reuse_address = True
    daemon_threads = True


class Endpoint:
    """Where a worker's health is told, as soon as nothing else has the port."""

    def __init__(self, health: Health, port: int) -> None:
        self.server: Server | None = None
        self._port = port
        self._door = _door(health)

    @property
    def listens(self) -> bool:
        """Whether it has its port."""
        return self.server is not None

    def open(self) -> None:
        """The worker answers on its port, or will once the port is free."""
        if (taken := self._listen()) is not None:
            log.warning("no health endpoint", port=self._port, because=taken)
            threading.Thread(target=self._until_free, name="health port", daemon=True).start()

    def _until_free(self) -> None:
        while self._listen() is not None:
            time.sleep(AGAIN_SECONDS)

    def _listen(self) -> str | None:
        """None, or why not."""
        try:
            server = Server((HOST, self._port), self._door)
        except OSError as error:
            return error.strerror
        threading.Thread(target=server.serve_forever, args=(0.1,), name="health", daemon=True).start()
        log.info("health endpoint", port=server.server_address[1])
        self.server = server
        return None


def _door(health: Health) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            answer = health.answer(self.path)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Who asks is no news."""

    return Door


def serve(health: Health, port: int) -> Endpoint:
    """The worker's health is told on this port, by a thread of its own, as soon as the port is free.

    A worker that cannot be asked works all the same: that nobody hears of it stands in its log.
    """
    endpoint = Endpoint(health, port)
    endpoint.open()
    return endpoint
