"""Asks the workers of a running programme for their metrics, as Prometheus would, and keeps what they said."""

from __future__ import annotations

import threading
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from workers.crew.duties import duties
from workers.runtime.settings import Settings

EVERY = 1.0
"""Seconds between two rounds."""


def ports_of(settings: Settings) -> dict[str, int]:
    """Where each worker of a rehearsal with one decider tells how it is."""
    told = {duty.name: duty.health for duty in duties(settings)}
    return {**{name: port for name, port in told.items() if port is not None}, "world": settings.world_port}


@contextmanager
def scraped(settings: Settings) -> Iterator[dict[str, list[str]]]:
    """What each worker said, page after page, for as long as this lasts."""
    pages: dict[str, list[str]] = defaultdict(list)
    over = threading.Event()

    def ask() -> None:
        while not over.wait(EVERY):
            for name, port in ports_of(settings).items():
                pages[name] += [page for path in ("metrics", "health") if (page := _page(port, path))]

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield pages
    finally:
        over.set()
        asking.join()


def _page(port: int, path: str) -> str | None:
    """None while nobody is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return None
