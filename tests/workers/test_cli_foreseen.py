"""Whoever orders what would cut somebody off is refused, with the reason and what to do; nothing is said."""

from __future__ import annotations

import pytest

from events.base import LineId
from tests.workers.conftest import Typed
from tests.workers.struck_town import struck_town, what_if
from tests.workers.told import ANN, Told, line_of
from workers.cli import foreseen
from workers.cli.exits import Exit
from workers.promises.judging import Broken, Promise
from workers.replay import redo as redoing

CUT_OFF = Broken(Promise.LAW, LineId("E-0001-1"), "no mandate is filed")


@pytest.mark.parametrize("go", ["", "--go --as ops-1"])
@pytest.mark.parametrize("order", ["hold E-0001 --why wait", "wave pause W-01 --why ready --yes 1"])
def test_an_act_is_refused_shown_or_said(
    town: Told, typed: Typed, monkeypatch: pytest.MonkeyPatch, order: str, go: str
) -> None:
    town.wave(line_of(ANN))
    monkeypatch.setattr(foreseen, "broken_by", lambda *_args, **_more: [CUT_OFF, CUT_OFF])
    heard = len(town.entries)

    code, _out, err = typed(f"{order} {go}")

    assert code == Exit.REFUSED
    assert err.splitlines() == [
        "Not said: right upon it somebody could be cut off, for this code decides what it never may:",
        "  E-0001-1: no mandate is filed",
        "Nothing was said. Stop the workers, and check their code:  naadloos down && naadloos verify",
    ]
    assert len(town.entries) == heard


def test_a_what_if_says_what_a_redrive_would_break(monkeypatch: pytest.MonkeyPatch) -> None:
    assert what_if(struck_town(), ANN).redos[0].breaks == ()
    monkeypatch.setattr(redoing, "broken", lambda *_args, **_more: [CUT_OFF])

    assert what_if(struck_town(), ANN).redos[0].breaks == ("E-0001-1: no mandate is filed",)
