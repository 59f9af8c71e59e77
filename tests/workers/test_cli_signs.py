"""What others said commands no terminal: a sign that could is shown by its number, wherever it is printed."""

from __future__ import annotations

import io
import unicodedata

import pytest

from events.base import Account, LetterId, SubjectId
from events.control import Held, LetterOpened, ReportUnrouted
from events.sim import SimFailed
from tests.workers.conftest import Typed
from tests.workers.told import ANN, BOB, SIM, TERMS, Told, line_of
from workers.cli.exits import Exit
from workers.cli.page import heading, loud, table
from workers.runtime.letters import Found
from workers.runtime.rows import write_rows
from workers.runtime.signs import printable

CLEAR = "\x1b[2J"
TITLE = "\x9d0;gone\x9c"
BACK = "\r\u202e"
WICKED = CLEAR + TITLE + BACK
SHOWN = r"\x1b[2J\x9d0;gone\x9c\r\u202e"


def commands(text: str) -> set[str]:
    """The signs in it that command a terminal."""
    return {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf"} and sign != "\n"}


def test_what_is_text_stays_as_it_is() -> None:
    assert printable("Zoë\tÅ – €\u00a0900 …") == "Zoë\tÅ – €\u00a0900 …"


def test_what_commands_is_its_number() -> None:
    assert printable(f"a{WICKED}b\nc") == f"a{SHOWN}b\\nc"


def test_the_key_and_the_headers_of_a_record(typed: Typed, town: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    offset = town.fold.offset + 1
    town.decide(b"{broken", BOB)
    found = Found("inbox", 0, offset, WICKED.encode(), WICKED.encode() + b"\n{}", ((WICKED, b""), ("plain", b"")))
    monkeypatch.setattr("workers.cli.dead_letters.originals", lambda _settings, _letters: {found.letter: found})

    code, out, _err = typed(f"dead-letters show {found.letter}")

    assert (code, commands(out)) == (Exit.DONE, set())
    assert out.count(SHOWN) == 3
    assert f"{SHOWN}, plain" in out
    assert out.endswith("\n{}\n")


@pytest.mark.parametrize("words", ["dead-letters list", "dead-letters explain E-0001", f"explain {ANN}"])
def test_what_is_wrong_with_a_record(typed: Typed, town: Told, words: str) -> None:
    town.say(ANN, LetterOpened(letter=LetterId("inbox/0/999999"), reason="schema", detail=WICKED))

    code, out, _err = typed(words)

    assert (code, commands(out)) == (Exit.DONE, set())
    assert SHOWN in out


def test_who_said_a_report_and_its_name_there(typed: Typed, town: Told) -> None:
    source, reference = f"car{CLEAR}", f"r{TITLE}"
    town.say(SubjectId(f"P-{TERMS.programme}"), ReportUnrouted(source=source, reference=reference, kind="parcel"))

    listed = typed("reports list")[1]
    shown = typed(f"reports dismiss {source} {reference} --why seen-to")[1]
    done = typed(f"reports dismiss {source} {reference} --why seen-to --as ops-1 --go")[1]

    assert [commands(out) for out in (listed, shown, done)] == [set()] * 3
    assert all(r"car\x1b[2J" in out for out in (listed, shown, done))


def test_a_report_is_settled_by_its_name_as_it_is_shown(typed: Typed, town: Told) -> None:
    town.say(SubjectId(f"P-{TERMS.programme}"), ReportUnrouted(source="carrier", reference=TITLE, kind="parcel"))

    assert typed(r"reports dismiss carrier \x9d0;gone\x9c --why seen-to --as ops-1 --go")[0] == Exit.DONE
    assert typed("reports list")[1] == "No report waits for its line.\n"


@pytest.mark.parametrize(
    "words", [f"explain {ANN}", f"release {ANN} --why over", f"watch --employee {ANN} --from 0/0 --for 0"]
)
def test_why_somebody_is_held(typed: Typed, town: Told, words: str) -> None:
    town.say(ANN, Held(why=WICKED, by=Account(f"els{CLEAR}")))

    code, out, _err = typed(words)

    assert (code, commands(out)) == (Exit.DONE, set())
    assert SHOWN in out


def test_what_a_network_says_of_a_sim(typed: Typed, town: Told) -> None:
    town.say(ANN, SimFailed(line=line_of(ANN), iccid=SIM, why=WICKED))

    _code, out, _err = typed(f"explain {ANN}")

    assert commands(out) == set()
    assert SHOWN in out


def test_headings_cells_and_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    heading(WICKED)
    loud(WICKED)
    table(("",), [(WICKED,)])

    out = capsys.readouterr().out
    assert commands(out) == set()
    assert out.count(SHOWN) == 3


def test_rows_for_a_spreadsheet_that_are_read_on_a_terminal() -> None:
    out = io.StringIO()

    write_rows(out, [["E-0001", WICKED]])

    assert out.getvalue() == f"E-0001,{SHOWN}\n"
