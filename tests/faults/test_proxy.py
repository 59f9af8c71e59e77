"""The proxy before the broker: it hands on, holds, cuts, and loses the answer to an append that was done."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread

import pytest

from workers.chaos.proxy import PRODUCE, Proxy
from workers.runtime.ports import is_free

FETCH = 1
PATIENCE = 10


class Broker:
    """Answers each request with its number and its body, as often as it is asked, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> int:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._met, "127.0.0.1", 0), self._loop).result(
            PATIENCE
        )
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                (length,) = struct.unpack(">i", await reader.readexactly(4))
                request = await reader.readexactly(length)
            except (EOFError, OSError):
                return
            self.asked.append(struct.unpack(">h", request[:2])[0])
            writer.write(struct.pack(">i", length - 4) + request[4:])


class Client:
    """One connection; asks with a kind and a number, and hears the number back."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.port: int = self.socket.getsockname()[1]
        self._read = self.socket.makefile("rb")

    def ask(self, kind: int, number: int, body: bytes = b"body") -> None:
        request = struct.pack(">hhi", kind, 9, number) + body
        self.socket.sendall(struct.pack(">i", len(request)) + request)

    def hears(self) -> int | None:
        """The number of the next answer; None when the connection is gone."""
        try:
            head = self._read.read(4)
            if len(head) < 4:
                return None
            answer = self._read.read(struct.unpack(">i", head)[0])
        except ConnectionError:
            return None
        number: int = struct.unpack(">i", answer[:4])[0]
        return number


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def proxy(broker: Broker) -> Iterator[Proxy]:
    one = Proxy(broker=broker.start())
    one.start()
    yield one
    one.stop()


@contextmanager
def client(proxy: Proxy) -> Iterator[Client]:
    one = Client(proxy.port)
    with closing(one.socket):
        yield one


def test_it_hands_on_what_is_asked_and_answered(proxy: Proxy) -> None:
    with client(proxy) as one:
        one.ask(PRODUCE, 1, b"x" * 1_000_000)
        one.ask(FETCH, 2)

        assert (one.hears(), one.hears()) == (1, 2)
    assert (proxy.cuts, proxy.answers_lost) == (0, 0)


def test_an_append_whose_answer_is_lost_was_done_and_its_sender_is_cut_off(proxy: Proxy, broker: Broker) -> None:
    with client(proxy) as one:
        proxy.lose_answers(1)
        one.ask(FETCH, 1)
        one.ask(PRODUCE, 2)

        assert (one.hears(), one.hears()) == (1, None)
    assert broker.asked == [FETCH, PRODUCE]
    assert (proxy.cuts, proxy.answers_lost) == (1, 1)
    with client(proxy) as again:
        again.ask(PRODUCE, 3)
        assert again.hears() == 3


def test_only_whom_it_is_told_to_cut_is_cut(proxy: Proxy) -> None:
    with client(proxy) as one, client(proxy) as other:
        for each in (one, other):
            each.ask(FETCH, 1)
            assert each.hears() == 1

        proxy.cut({one.port})

        assert one.hears() is None
        other.ask(FETCH, 2)
        assert other.hears() == 2
    assert proxy.cuts == 1


def test_what_is_held_comes_later_and_whole_and_others_do_not_wait_for_it(proxy: Proxy) -> None:
    with client(proxy) as one, client(proxy) as other:
        for each in (one, other):
            each.ask(FETCH, 1)
            assert each.hears() == 1
        proxy.hold(3600, {one.port})
        one.ask(FETCH, 2)
        one.ask(FETCH, 3)
        other.ask(FETCH, 2)

        assert other.hears() == 2
        one.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            one.socket.recv(1, socket.MSG_PEEK)

        one.socket.settimeout(PATIENCE)
        proxy.calm()
        assert (one.hears(), one.hears()) == (2, 3)


def test_a_hold_ends_by_itself(proxy: Proxy) -> None:
    with client(proxy) as one:
        one.ask(FETCH, 1)
        assert one.hears() == 1
        proxy.hold(0.3)
        one.ask(FETCH, 2)

        assert one.hears() == 2


def test_a_hold_that_lasts_longer_is_not_ended_by_the_end_of_another(proxy: Proxy) -> None:
    with client(proxy) as one, client(proxy) as other:
        for each in (one, other):
            each.ask(FETCH, 1)
            assert each.hears() == 1
        proxy.hold(3600, {one.port})
        proxy.hold(0, {one.port})
        proxy.hold(0.01)
        one.ask(FETCH, 2)
        other.ask(FETCH, 2)

        assert other.hears() == 2
        one.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            one.socket.recv(1, socket.MSG_PEEK)


def test_a_proxy_that_is_shut_refuses_and_is_there_again_when_opened(proxy: Proxy) -> None:
    with client(proxy) as one:
        one.ask(FETCH, 1)
        assert one.hears() == 1

        proxy.shut()

        assert one.hears() is None
        with pytest.raises(ConnectionRefusedError):
            Client(proxy.port)
    proxy.open()
    with client(proxy) as again:
        again.ask(FETCH, 2)
        assert again.hears() == 2


def test_while_it_is_shut_nobody_else_may_have_its_port(proxy: Proxy) -> None:
    proxy.shut()

    assert not is_free(proxy.port)

    proxy.open()
    with client(proxy) as again:
        again.ask(FETCH, 1)
        assert again.hears() == 1


def test_a_broker_that_is_away_is_a_connection_that_ends(proxy: Proxy) -> None:
    nobody = Proxy(broker=proxy.port)
    proxy.cut()
    nobody.start()
    try:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            nobody._broker = free.getsockname()[1]  # noqa: SLF001 - the broker went away after the start
            with client(nobody) as one:
                assert one.hears() is None
    finally:
        nobody.stop()
