"""A supervisor of processes: what ends unasked is started again with back-off, and given up when it keeps ending."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from workers.crew.duties import Duty
from workers.crew.roll import State
from workers.runtime.ends import NEVER_AGAIN, End
from workers.runtime.health import Pulse
from workers.runtime.metrics import count, show
from workers.runtime.parent import SUPERVISED

TRIES: Final = 8
STEADY_SECONDS: Final = 30.0
LONGEST_PAUSE: Final = 10.0
log = structlog.get_logger()


@dataclass
class Post:
    """A duty and the process that does it."""

    duty: Duty
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    in_a_row: int = 0
    again_at: float = 0.0
    given_up: bool = False
    exits: list[int] = field(default_factory=list)

    @property
    def state(self) -> State:
        """In one word."""
        if self.given_up:
            return State.GIVEN_UP
        return State.RUNNING if self.process is not None and self.process.poll() is None else State.RESTARTING


class Supervisor:
    """Keeps the duties done from `start` until `stop`."""

    def __init__(self, duties: tuple[Duty, ...], *, logs: Path) -> None:
        self.posts = {duty.name: Post(duty) for duty in duties}
        self.pulse = Pulse()
        self._logs = logs
        self._ending = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def start(self) -> None:
        """Every process is started, and watched from now on."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for post in self.posts.values():
            show("naadloos_worker_given_up", 0, duty=post.duty.name)
            count("naadloos_worker_restarts_total", 0, duty=post.duty.name)
            self._spawn(post)
        self._watcher.start()

    def stop(self, *, seconds: float = 10.0) -> None:
        """Every process has ended: asked first, killed when it does not listen."""
        self._ending.set()
        if self._watcher.is_alive():
            self._watcher.join()
        running = [post.process for post in self.posts.values() if post.process and post.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        deadline = time.monotonic() + seconds
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def given_up(self) -> list[str]:
        """The duties that nobody does any more."""
        return [name for name, post in self.posts.items() if post.given_up]

    def _spawn(self, post: Post) -> None:
        with (self._logs / f"{post.duty.name}.log").open("ab") as output:
            post.process = subprocess.Popen(
                post.duty.command,
                env={**os.environ, **post.duty.environment, SUPERVISED: str(os.getpid())},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        post.started = time.monotonic()

    def _watch(self) -> None:
        while not self._ending.wait(0.1):
            self.pulse.beat()
            for post in self.posts.values():
                self._look_after(post)

    def _look_after(self, post: Post) -> None:
        now = time.monotonic()
        if post.given_up or post.process is None:
            return
        if (code := post.process.poll()) is None:
            if now - post.started > STEADY_SECONDS:
                post.in_a_row = 0
            return
        if post.again_at == 0.0:
            self._ended(post, code, now)
        elif now >= post.again_at:
            self._start_again(post, now)

    def _start_again(self, post: Post, now: float) -> None:
        try:
            self._spawn(post)
        except OSError as refusal:
            # This thread must live: nobody else starts anybody, and whom it started ends with it (PR_SET_PDEATHSIG).
            log.warning("not started", worker=post.duty.name, because=refusal.strerror)
            post.again_at = now + LONGEST_PAUSE / 10
            return
        post.again_at = 0.0
        post.restarts += 1
        count("naadloos_worker_restarts_total", duty=post.duty.name)

    def _ended(self, post: Post, code: int, now: float) -> None:
        post.exits.append(code)
        if code != End.KAFKA_AWAY:  # no illness of its own: it is tried for as long as Kafka is away
            post.in_a_row += 1
        log.warning("worker ended", worker=post.duty.name, reason=f"exit {code}", count=post.in_a_row)
        show("naadloos_worker_last_exit_code", code, duty=post.duty.name)
        if code in NEVER_AGAIN or post.in_a_row > TRIES:
            post.given_up = True
            show("naadloos_worker_given_up", 1, duty=post.duty.name)
            return
        post.again_at = now + min(LONGEST_PAUSE, 0.1 * 2 ** max(0, post.in_a_row - 1))
