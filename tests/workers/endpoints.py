"""A worker of this process that tells on loopback how it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from workers.runtime.health import Health, Need, Pulse, Server, serve
from workers.runtime.metrics import name_worker


class StoppedPulse(Pulse):
    """A pulse that was last felt so long ago."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._last -= seconds


def health(name: str, *, age: float = 0, **has: bool) -> Health:
    name_worker(name)
    needs: dict[Need, bool] = {"partitions": True, **has}  # type: ignore[dict-item]
    return Health(name, lambda: needs, 60, StoppedPulse(age))


@contextmanager
def served(one: Health) -> Iterator[str]:
    server = serve(one, 0).server
    assert server is not None
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        close(server)


def close(server: Server) -> None:
    server.shutdown()
    server.server_close()
