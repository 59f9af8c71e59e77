"""A record larger than any topic of ours takes, which Kafka took compressed: its letter holds its beginning."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from workers.runtime.letters import CUT, WHOLE, Found, in_a_letter
from workers.runtime.topics import LARGEST


def _size(found: Found) -> int:
    return len(found.value or b"") + len(found.key or b"") + sum(len(n) + len(v) for n, v in found.headers)


def test_an_ordinary_record_is_kept_as_it_was_found() -> None:
    found = Found("inbox", 0, 7, b"E-0001", b"{broken" * 10_000, (("trace", b"00-1"), ("trace", b"00-2")))

    assert in_a_letter(found) is found


@pytest.mark.parametrize(
    "found",
    [
        Found("inbox", 0, 7, b"E-0001", b"A" * 20_000_000),
        Found("commands.porting", 0, 7, b"E-0001", b"A" * (LARGEST - 100)),
        Found("inbox", 0, 7, b"K" * WHOLE, b"{}"),
        Found("inbox", 0, 7, b"E-0001", b"{}", (("long", b"H" * WHOLE),)),
        Found("inbox", 0, 7, None, None, (("long", b"H" * WHOLE),)),
    ],
    ids=["compressed", "command", "key", "header", "nothing else"],
)
def test_of_a_larger_one_the_beginning_is_kept_with_its_length_and_hash(found: Found) -> None:
    kept, value = in_a_letter(found), found.value or b""

    assert _size(kept) < LARGEST / 2
    assert (kept.value, (found.key or b"")[:CUT]) == (value[:CUT], kept.key or b"")
    assert kept.headers == (("cut", f"{len(value)} bytes, {blake2b(value, digest_size=16).hexdigest()}".encode()),)
    assert kept.letter == found.letter
