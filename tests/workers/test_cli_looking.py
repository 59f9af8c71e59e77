"""Whoever looks sees the programme as it stands, one person's history, or the stream: on a programme in memory."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from events.control import Held
from tests.workers.conftest import Typed
from tests.workers.told import ANN, ELS, Told
from workers.cli import watch
from workers.cli.exits import Exit


def test_the_status_shows_board_waiting_list_and_reach(typed: Typed) -> None:
    code, out, _err = typed("status")

    assert code == Exit.DONE
    assert "Trial · contract ends 12 Jul 2027, in 181 days" in out
    assert "Unreachable now, by what we know: 0" in out
    assert "W-01  running  Mon 15 Feb 09:00      2        2" in out
    assert "2  a kit is asked from the stock     the kit stock       0 min    E-0001-1  kit_asked" in out


def test_the_status_is_there_in_dutch(typed: Typed) -> None:
    _code, out, _err = typed("status --lang nl")

    assert "Nu onbereikbaar, voor zover wij weten: 0" in out
    assert "een set is aan de voorraad gevraagd" in out


def test_everybody_who_waits_for_one_thing_is_named_with_wave_and_department(typed: Typed) -> None:
    code, out, _err = typed("status --waiting kit_asked")

    heading, _columns, *rows = [line for line in out.splitlines() if line]
    assert (code, heading) == (Exit.DONE, "2: a kit is asked from the stock")
    assert [(row.split()[0], *row.split()[-2:]) for row in rows] == [
        ("E-0001-1", "W-01", "parks"),
        ("E-0002-1", "W-01", "parks"),
    ]


def test_an_explanation_ends_with_the_newest_of_the_history(typed: Typed) -> None:
    code, out, _err = typed("explain E-0001")

    assert code == Exit.DONE
    assert "waits: a kit is asked from the stock" in out
    assert out.rstrip().splitlines()[-1].strip().startswith("⇒ tells K-main: E-0001-1 asks for a kit")


def test_an_explanation_of_nobody_tells_what_ids_look_like(typed: Typed) -> None:
    code, _out, err = typed("explain E-7777")

    assert code == Exit.BAD_INPUT
    assert "Ids look like E-0001" in err


def test_a_stream_from_the_beginning_shows_every_decision_once(town: Told, typed: Typed) -> None:
    code, out, _err = typed("watch --since 2027-01-11 --for 0")

    assert (code, len(out.splitlines())) == (Exit.DONE, len(town.entries))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("watch --since yesterday", "Not shown: yesterday is no time."),
        ("watch --from there", "Not shown: there is no position."),
    ],
)
def test_a_filter_that_cannot_be_is_told_with_one_that_can(typed: Typed, words: str, first: str) -> None:
    code, _out, err = typed(words)

    assert (code, err.splitlines()[0]) == (Exit.BAD_INPUT, first)
    assert len(err.splitlines()) == 2


def test_ctrl_c_ends_the_stream_with_its_own_code(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "_follow", interrupted)

    assert typed("watch")[0] == Exit.INTERRUPTED


def test_a_history_that_reaches_into_another_year_shows_the_year_with_every_time(town: Told, typed: Typed) -> None:
    town.say(ANN, Held(why="ill", by=ELS), at=datetime(2028, 1, 3, 8, 0, tzinfo=UTC))

    history = typed("explain E-0001")[1].partition("History")[2].splitlines()[1:]

    rows = [row for row in history if row[:1].isdigit()]
    assert rows[0].startswith("11 Jan 2027 08:00:00  11 Jan 2027 08:00:00  E-0001")
    assert rows[-1].startswith("03 Jan 2028 09:00:00  03 Jan 2028 09:00:00  E-0001")
    assert {row.index("→") for row in history if row.startswith(" ") and "→" in row} == {56}
