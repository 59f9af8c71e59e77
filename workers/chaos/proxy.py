"""A TCP proxy between Kafka's clients and the broker: it delays, it cuts, and it loses answers to what was appended.

The broker tells every client to come here (`advertised` in `workers/runtime/kafka/server.py`), so nothing passes by it.
It knows as much of Kafka's protocol as it needs to lose the right answer: where a message ends, which requests append,
and which answer belongs to which request.
"""

import asyncio
import socket
import threading
from collections.abc import Callable, Collection, Coroutine
from typing import Any, Final

PRODUCE: Final = 0
"""The number of the request that appends, in the protocol."""
_LENGTH: Final = 4
_SECONDS: Final = 10.0
_LOOPBACK: Final = "127.0.0.1"

Ports = Collection[int] | None
"""The clients' own ports, by which their connections are told apart; None: all of them."""


class Connection:
    """One client's connection, and the one to the broker that belongs to it."""

    def __init__(self, port: int, writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        self.port = port
        self.free = asyncio.Event()
        self.free.set()
        self.losing: set[bytes] = set()
        """Requests, by their number, whose answer the client is not to get."""
        self._writers = writers
        self._held: asyncio.TimerHandle | None = None

    def hold(self, seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        """Nothing passes for so long, or until an earlier hold ends that lasts longer."""
        until = loop.time() + seconds
        self.free.clear()
        if self._held is None or self._held.when() < until:
            self._forget()
            self._held = loop.call_at(until, self.free.set)

    def let_pass(self) -> None:
        """What is held passes, now."""
        self._forget()
        self.free.set()

    def _forget(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None

    def abort(self) -> None:
        """Both sides learn at once that the connection is gone; what was on its way, or held, is lost."""
        self.let_pass()
        for writer in self._writers:
            writer.transport.abort()


def _claimed() -> socket.socket:
    """A port that is ours for as long as this is open; it never listens, so whoever calls is refused."""
    claim = socket.socket()
    claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    claim.bind((_LOOPBACK, 0))
    return claim


class Proxy:
    """Stands before the broker from `start` until `stop`, in a thread of its own; any other may call its methods."""

    def __init__(self, *, broker: int) -> None:
        self._claim = _claimed()
        self.port: int = self._claim.getsockname()[1]
        self.cuts = 0
        """Connections that were cut on purpose."""
        self.answers_lost = 0
        """Appends that the broker acknowledged and whose sender never heard of it."""
        self._broker = broker
        self._to_lose = 0
        self._connections: set[Connection] = set()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    def start(self) -> None:
        """It listens on loopback, at its `port`, which is nobody else's until `stop`, also while it is shut."""
        self._thread.start()
        self._do(self._listen())

    def stop(self) -> None:
        """It listens no more, and every connection through it is gone."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_SECONDS)
        self._loop.close()
        self._claim.close()

    def shut(self) -> None:
        """Nobody listens, as where the broker is down: clients are refused at once, and wait before they try again."""
        self._do(self._refuse())

    def open(self) -> None:
        """It listens again, at its port."""
        self._do(self._listen())

    def cut(self, ports: Ports = None) -> None:
        """These clients' connections are gone."""
        self._do(self._cut(ports))

    def hold(self, seconds: float, ports: Ports = None) -> None:
        """Nothing passes on these clients' present connections for so long; then all of it does, in its order."""
        self._do(self._hold(seconds, ports))

    def lose_answers(self, count: int) -> None:
        """The next so many appends are let through, their answers are not, and their connections are cut."""
        self._do(self._lose(count))

    def calm(self) -> None:
        """What passes is let through again."""
        self._do(self._calm())

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(_SECONDS)

    async def _listen(self) -> None:
        assert self._server is None, "it listens already, and who listens at its port twice is heard by half"
        self._server = await asyncio.start_server(self._met, _LOOPBACK, self.port, reuse_port=True)

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in self._connections:
            connection.abort()

    async def _close(self) -> None:
        await self._refuse()
        ours = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        await asyncio.gather(*ours, return_exceptions=True)

    async def _cut(self, ports: Ports) -> None:
        for connection in self._of(ports):
            connection.abort()
            self.cuts += 1

    async def _hold(self, seconds: float, ports: Ports) -> None:
        for connection in self._of(ports):
            connection.hold(seconds, self._loop)

    async def _lose(self, count: int) -> None:
        self._to_lose += count

    async def _calm(self) -> None:
        self._to_lose = 0
        for connection in self._connections:
            connection.let_pass()

    def _of(self, ports: Ports) -> list[Connection]:
        return [each for each in self._connections if ports is None or each.port in ports]

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, over = await asyncio.open_connection(_LOOPBACK, self._broker)
        except OSError:
            writer.transport.abort()
            return
        if self._server is None:  # it was shut meanwhile
            for each in (writer, over):
                each.transport.abort()
            return
        connection = Connection(writer.get_extra_info("peername")[1], (writer, over))
        self._connections.add(connection)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pass(connection, reader, over, self._goes))
                both.create_task(self._pass(connection, there, writer, self._comes))
        except* (OSError, EOFError):
            pass  # one side left, or was made to
        finally:
            connection.abort()
            self._connections.discard(connection)

    async def _pass(
        self,
        connection: Connection,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        may: Callable[[Connection, bytes], bool],
    ) -> None:
        """Hand on message after message. Ends by an `EOFError` when there are no more, or one that may not pass."""
        while True:
            length = await reader.readexactly(_LENGTH)
            message = await reader.readexactly(int.from_bytes(length))
            await connection.free.wait()
            if not may(connection, message):
                raise EOFError
            writer.write(length + message)
            await writer.drain()

    def _goes(self, connection: Connection, request: bytes) -> bool:
        """A request begins with its kind, the version of that, and its own number."""
        if self._to_lose and int.from_bytes(request[:2]) == PRODUCE:
            self._to_lose -= 1
            connection.losing.add(request[4:8])
        return True

    def _comes(self, connection: Connection, answer: bytes) -> bool:
        """An answer begins with the number of its request."""
        if answer[:4] not in connection.losing:
            return True
        self.answers_lost += 1
        self.cuts += 1
        return False
