"""The command line speaks one language at a time, and what a program reads is the same in both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import pytest
from rich.console import Console

from events.outcomes import Owner
from tests.workers.import_folder import right_folder, write
from workers.bench.report import BenchReport, Deciding, EndToEnd, Latency, Machine, Proof, Rate, Restart
from workers.cli import NOUNS, main
from workers.cli.bench import tables
from workers.cli.demo_page import one_line, picture, summary
from workers.cli.exits import Exit
from workers.imports.sample import STARTS, generate
from workers.rehearsal.report import EffectsReport, InboxReport, Report
from workers.rehearsal.run import Rehearsal, Wishes
from workers.runtime.figures import WHOLE, figure
from workers.runtime.language import language, speaking, use
from workers.runtime.settings import Settings
from workers.world.gaps import Seconds

Typed = Callable[[str], tuple[int, str, str]]
RATE = Rate(records=50_000, seconds=10, cpu_seconds=8)


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    def type_(words: str) -> tuple[int, str, str]:
        try:
            code = main(words.split())
        except SystemExit as ended:
            code = int(str(ended.code))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    yield type_
    use("en")


@pytest.fixture
def dutch() -> Iterator[None]:
    with speaking("nl"):
        yield


def _printed(*shown: object) -> str:
    console = Console(width=200, highlight=False)
    with console.capture() as captured:
        console.print(*shown, sep="\n")
    return captured.get()


@pytest.mark.parametrize("noun", [noun.name for noun in NOUNS])
def test_help_is_dutch_from_its_usage_to_its_options(typed: Typed, noun: str) -> None:
    code, out, _err = typed(f"{noun} --help --lang nl")

    assert code == Exit.DONE
    assert out.startswith(f"gebruik: naadloos {noun} ")
    assert "toon deze hulp en eindig" in out


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("bench --records none", "naadloos bench: fout: argument --records: geef een getal vanaf 1"),
        ("demo --employees 0", "naadloos demo: fout: argument --employees: geef een getal van 1 tot en met 100000"),
        ("wave slots W-01 --from soon", "naadloos wave slots: fout: argument --from: geef een dag zoals 2027-01-31"),
        ("watch --for", "naadloos watch: fout: argument --for: er hoort één waarde bij"),
        ("stauts", "naadloos: fout: argument OPDRACHT: 'stauts' is er geen van; bedoelt u status of audit?"),
        ("up --loud", "naadloos: fout: onbekende argumenten: --loud"),
    ],
)
def test_a_slip_in_typing_is_answered_in_dutch(typed: Typed, words: str, answer: str) -> None:
    code, _out, err = typed(f"{words} --lang nl")

    assert code == Exit.USAGE
    assert err.splitlines()[-1] == answer


def test_the_verdicts_on_a_story_are_the_same_json_in_both_languages(typed: Typed) -> None:
    _code, english, _err = typed("scenario S13 --json --lang en")
    _code, in_dutch, _err = typed("scenario S13 --json --lang nl")

    assert json.loads(english) == json.loads(in_dutch)
    assert json.loads(english)[0]["steps"][0]["at"] == "Mon 23 Nov 2026 08:00"


def test_a_story_is_told_in_dutch(typed: Typed) -> None:
    _code, out, _err = typed("scenario S13 --lang nl")

    assert "ma 23 nov 2026 08:00  is gegeven" in out
    assert out.splitlines()[-2] == "  S13.yaml: zoals het hoort"


def test_a_mistake_in_a_story_is_told_in_dutch(typed: Typed, tmp_path: Path) -> None:
    story = tmp_path / "slip.yaml"
    story.write_text("title: slip\nsteps:\n  - then: {outcom: done}\n", encoding="utf-8")

    code, _out, err = typed(f"scenario {story} --lang nl")

    assert code == Exit.BAD_INPUT
    assert err.splitlines()[0] == "slip.yaml is niet gespeeld: 1 fout erin."
    assert "'outcom' is geen sleutel van wat verwacht wordt; bedoelt u outcome of " in err


def test_a_fault_in_an_import_is_told_in_dutch(typed: Typed, tmp_path: Path) -> None:
    files = right_folder()
    files["lines.csv"][0]["number"] = "06-123456789"

    code, _out, err = typed(f"import {write(tmp_path, files)} --lang nl")

    assert code == Exit.BAD_INPUT
    assert (
        "  lines.csv, rij 2, kolom number: geen nummer dat in Nederland bestaat. "
        "Schrijf het voluit, zoals 06-12345678." in err.splitlines()
    )


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("NAADLOOS_PARTITIONS", "0", "geef 1 of meer"),
        ("NAADLOOS_KAFKA_PORT", "many", "geef een geheel getal"),
        ("NAADLOOS_KAFKA_PORT", "70000", "geef 65534 of minder"),
        ("NAADLOOS_KAFKA_STOP_SECONDS", "soon", "geef een getal"),
        ("NAADLOOS_FLUSH_EACH_BATCH", "perhaps", "geef true of false"),
        ("NAADLOOS_TOPIC_PREFIX", "A B", "geef wat past bij "),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_dutch(
    typed: Typed, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, wanted: str
) -> None:
    monkeypatch.setenv(variable, value)

    code, _out, err = typed("kafka status --lang nl")

    assert code == Exit.BAD_INPUT
    assert f"  {variable}: {wanted}" in err


@pytest.mark.usefixtures("dutch")
def test_figures_have_the_marks_of_their_language() -> None:
    assert (figure(50_000, WHOLE), figure(12.5)) == ("50.000", "12,5")
    with speaking("en"):
        assert (figure(50_000, WHOLE), figure(12.5)) == ("50,000", "12.5")


def test_speaking_for_a_program_ends_with_the_language_of_before() -> None:
    use("nl")
    try:
        with speaking("en"):
            assert language() == "en"
        assert language() == "nl"
    finally:
        use("en")


@pytest.mark.usefixtures("dutch")
def test_a_bench_is_shown_in_dutch() -> None:
    machine = Machine(
        cores=2, processor="x86_64", python="3.11", kafka="Apache Kafka 4.3.1, one node", clients={}, load_before=0.5
    )
    report = BenchReport(
        machine=machine,
        deciding=(Deciding(flushed=True, commands=1, decider=RATE, rounds=(RATE,), bare=RATE, faust=RATE),),
        latency=Latency(facts=300, paced_ms=20, p50_ms=5.1, p99_ms=12.6, max_ms=20),
        restart=Restart(
            journal_records=200_000, subjects=6_136, snapshot_mb=3.5, without_snapshot=RATE, with_snapshot=RATE,
            per_million_seconds=48,
        ),
        end_to_end=(
            EndToEnd(
                shape="a data-only line", employees=100, done=100, not_done={}, seconds=20.5, inbox_records=900,
                effects=500, steps=40,
            ),
        ),
        proof=Proof(system="voice", situations=3_718, steps=16_090, seconds=2),
        seconds={},
    )  # fmt: skip

    shown = _printed(*tables(report))

    assert "2 kernen (x86_64), belasting vooraf 0,5. Apache Kafka 4.3.1, één knooppunt" in shown
    assert "Beslissen, elke partij op schijf voor zij bevestigd is" in shown
    assert "kale lus met confluent-kafka" in shown
    assert "Van feit tot journaal: mediaan 5,1 ms" in shown
    assert "Herstart achter 200.000 records van het journaal van 6.136 onderwerpen: 10,0 s;" in shown
    assert "een lijn met alleen data" in shown
    assert "Elke geschiedenis van voice binnen één afwijking: 16.090 stappen tussen 3.718 toestanden" in shown
    assert "8.045 stappen per seconde op alle kernen" in shown


@pytest.mark.usefixtures("dutch")
def test_a_demo_is_shown_and_summed_up_in_dutch() -> None:
    rehearsal = Rehearsal(Settings(), generate(2, 1, STARTS), Wishes())
    report = Report(
        employees=2,
        lines=4,
        done=1,
        ended={"leaver": 1, "born_new": 1},
        held={"slot_asked": 1},
        held_lines=(),
        incidents=dict.fromkeys(Owner, 0),
        gap_minutes={**dict.fromkeys(Owner, 0.0), Owner.OTHERS: 2.5},
        covered_minutes=12,
        port_interruption_seconds=Seconds(p50=127, p99=237.5, max=239),
        inbox=InboxReport(records=9, decided_once=9, undecided=0, decided_twice=0),
        effects=EffectsReport(done=5, repeated=0, asked_again=0, maybe_twice=0),
        outcome_digest="0",
        world={},
        steps=7,
        from_=datetime.fromisoformat("2027-03-01T08:00+01:00"),
        until=datetime.fromisoformat("2027-05-01T08:00+02:00"),
        seconds={"migration": 1.5},
    )

    before = _printed(one_line(rehearsal))
    rehearsal.phase, rehearsal.progress = "migration", {"now": "2027-03-01T07:00:00+00:00"}
    during, after = _printed(picture(rehearsal), one_line(rehearsal)), _printed(summary(report, rehearsal))

    assert before == "Kafka …\n"
    assert "nummer over" in during
    assert "nu onbereikbaar: 0   opgevangen door het vangnet: 0   gaan nu over: 0   open taken: 0" in during
    assert "ma 1 mrt 08:00  over     0  afgerond     0 van 0  taken    0  nu onbereikbaar 0" in during
    assert "Niemand was onbereikbaar door de overgang." in after
    assert "de medewerker vertrekt 1, begon bij de nieuwe aanbieder 1" in after
    assert "van ons 0, onvoorzienbaar 0, van anderen 2,5" in after
    assert "1 mrt 2027 tot 1 mei 2027 in 7 stappen" in after
    assert "overgang 1,5 s" in after


def test_the_version_is_that_of_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])

    assert (ended.value.code, capsys.readouterr().out) == (Exit.DONE, f"naadloos {version('naadloos')}\n")
