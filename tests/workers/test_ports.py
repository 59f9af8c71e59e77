"""Ports for whoever needs some of its own: free, in a row, and none that an outgoing connection may be lent."""

from __future__ import annotations

import random
import socket

import pytest

from workers.runtime.ports import LISTENERS, free_ports


def test_ports_of_ones_own_are_a_row_that_holds_none_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = free_ports(1)
    drawn = iter([taken - 1, taken, taken + 1])
    monkeypatch.setattr(random, "choice", lambda _: next(drawn))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", taken))
        listener.listen()

        assert free_ports(2) == taken + 1


def test_no_outgoing_connection_is_lent_one_of_them() -> None:
    assert LISTENERS.stop <= 32_768
