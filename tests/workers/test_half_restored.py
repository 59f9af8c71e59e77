"""On half a programme nobody says anything, and whoever reads it is told first that it is half."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workers.cli import audit, backup, main, redrive, session
from workers.cli.exits import Exit
from workers.crew.alone import UnableToBeginError, unfinished
from workers.imports.sample import MUNICIPALITY
from workers.journal.fold import Fold
from workers.runtime.kafka.server import UnableToReachKafkaError
from workers.runtime.settings import Settings
from workers.runtime.terms import terms_of

Typed = Callable[[str], tuple[int, str, str]]
REFUSED = "Not done: a restore into topics one was begun and not ended."
TOLD = (
    "This is half a programme: a restore into topics one was begun and not ended. "
    "End it:  naadloos restore FILE --into one --go"
)
AWAY = "Kafka is away."
ACT = "--why mended --go --as ops-1"
SAYING = (
    f"import {MUNICIPALITY} --go --as ops-1",
    "plan --go --as ops-1",
    f"wave start W-01 --yes 2 {ACT}",
    f"wave slots W-01 {ACT}",
    f"hold E-0001 {ACT}",
    f"release E-0001 {ACT}",
    f"waive E-0001-1 time {ACT}",
    "confirm E-0001 8931440000000000014 --go --as ops-1",
    f"correct E-0001 dispatch.kit-found line=E-0001-1 {ACT}",
    f"dead-letters dismiss inbox/0/1 {ACT}",
    f"reports dismiss old-provider r-1 {ACT}",
    f"replay redrive mend.json --yes 1 {ACT}",
    f"replay rebuild {ACT}",
    f"replay offsets --back porting {ACT}",
)
READING = (
    "status",
    "explain E-0001",
    "watch --for 0",
    "dead-letters list",
    "reports list",
    "replay what-if",
    "replay rebuild",
    "replay offsets",
    "plan",
    "hold E-0001 --why mended",
)


@pytest.fixture
def typed(own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Types a command at half a programme, whose Kafka is away."""
    own.folder.mkdir(parents=True)
    unfinished(own).touch()

    def away(*_asked: object, **_more: object) -> None:
        raise UnableToReachKafkaError(AWAY)

    for module in (session, backup, audit):
        monkeypatch.setattr(module, "ensure_broker", away)
    monkeypatch.setattr(session, "ensure_kafka", away)
    monkeypatch.setattr(redrive, "opened", lambda _file: None)

    def type_(words: str) -> tuple[int, str, str]:
        code = main(words.split())
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return type_


@pytest.mark.parametrize("words", SAYING)
def test_whoever_would_say_something_is_refused_as_the_workers_are(typed: Typed, words: str) -> None:
    code, _, err = typed(words)

    assert code == Exit.REFUSED
    assert err.splitlines()[0] == REFUSED
    assert "naadloos restore FILE --into one --go" in err


def test_a_session_that_began_before_the_restore_says_nothing_either(own: Settings) -> None:
    terms = terms_of(own)
    begun = session.Session(own, terms, {0: Fold(0, terms)}, journal=None)  # type: ignore[arg-type]
    own.folder.mkdir(parents=True)
    unfinished(own).touch()

    with pytest.raises(UnableToBeginError, match="begun and not ended"):
        begun.inbox()


@pytest.mark.parametrize("words", READING)
def test_whoever_only_reads_is_told_first_and_once(typed: Typed, words: str) -> None:
    code, _, err = typed(words)

    assert code == Exit.UNAVAILABLE
    assert err.splitlines() == [TOLD, AWAY]


def test_whoever_asks_for_the_workers_is_told_too(typed: Typed) -> None:
    code, out, err = typed("ps")

    assert code == Exit.UNAVAILABLE
    assert err.splitlines() == [TOLD]
    assert out.startswith("No workers of one run.")


@pytest.mark.parametrize("words", ["backup one.backup", "backup one.backup --go", "audit"])
def test_half_a_programme_is_neither_kept_nor_audited(
    typed: Typed, words: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("here"))

    code, _, err = typed(words)

    assert code == Exit.REFUSED
    assert err.splitlines()[0] == REFUSED


def test_once_the_restore_is_ended_nobody_is_told_anything(typed: Typed, own: Settings) -> None:
    unfinished(own).unlink()

    _, _, err = typed("status")

    assert err.splitlines() == [AWAY]
