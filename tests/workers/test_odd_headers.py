"""Headers that Kafka's client cannot read: a mark stands for them, and no letter or backup is stopped."""

from __future__ import annotations

from typing import Any

import pytest

from workers.keeping.kept import headers_given
from workers.keeping.live import kept_of
from workers.runtime.records import HEADERS_NOT_READ, found_of


class Record:
    """A record as the client hands it over, with a header whose name is not UTF-8.

    The client keeps the list that it did not finish: whoever asks again gets it, and the process dies of it.
    """

    def __init__(self, error: Exception) -> None:
        self.error_at_headers: Exception | None = error
        self.set: list[tuple[str, bytes]] | None = None

    def error(self) -> None:
        return None

    def partition(self) -> int:
        return 3

    def offset(self) -> int:
        return 7

    def timestamp(self) -> tuple[int, int]:
        return 1, 1_800_000_000_000

    def key(self) -> bytes:
        return b"E-0001"

    def value(self) -> bytes:
        return b"{broken"

    def headers(self) -> list[tuple[str, bytes]]:
        error, self.error_at_headers = self.error_at_headers, None
        if error is not None:
            raise error
        assert self.set is not None, "the process dies here"
        return self.set

    def set_headers(self, headers: list[tuple[str, bytes]]) -> None:
        self.set = headers


ERRORS = [
    SystemError("<method 'headers' of 'cimpl.Message' objects> returned a result with an exception set"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
]


@pytest.mark.parametrize("error", ERRORS, ids=["as the client wraps it", "as it is"])
def test_the_dead_letter_of_such_a_record_has_its_bytes_and_a_mark_for_its_headers(error: Exception) -> None:
    record: Any = Record(error)

    found = found_of(record, "inbox")

    assert (found.letter, found.key, found.value) == ("inbox/3/7", b"E-0001", b"{broken")
    assert found.headers == (HEADERS_NOT_READ,)
    assert found_of(record, "inbox") == found


@pytest.mark.parametrize("error", ERRORS, ids=["as the client wraps it", "as it is"])
def test_a_backup_keeps_such_a_record_with_a_mark_for_its_headers(error: Exception) -> None:
    record: Any = Record(error)

    kept = kept_of(record)

    assert (kept.offset, kept.key, kept.value) == (7, b"E-0001", b"{broken")
    assert headers_given(kept.headers) == (HEADERS_NOT_READ,)
