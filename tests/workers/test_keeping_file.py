"""A backup's file: what is in it comes out as it went in, and whatever happened to it since is noticed and named."""

from __future__ import annotations

from pathlib import Path

import pytest

from events.base import Iccid
from tests.workers.inbox_facts import MONDAY, PROGRAMME
from tests.workers.kept_programme import ends_of, fill, keep, kept, programme, records, refused
from workers.audit.proof import proof
from workers.cli import main
from workers.cli.exits import Exit
from workers.inbound.unrouted import Unrouted, in_either
from workers.journal.decider import BATCH
from workers.keeping import backup
from workers.keeping.beforehand import proved
from workers.keeping.file import Place
from workers.keeping.kept import headers_given, headers_kept, mark_of
from workers.keeping.opening import begun, opened
from workers.keeping.restore import INBOX_LAST
from workers.keeping.unable import UnableToTrustError
from workers.providers.reports import SimReport
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS as TOPICS_THERE_ARE

TOPICS = programme(records())
ALL_OF_IT = backup.Cut(ends_of(TOPICS), [], {})


def report(name: str) -> SimReport:
    """A report about a SIM that nobody has."""
    return SimReport(id=name, source="provider", at=MONDAY, iccid=Iccid("8931000000000000009"), state="attached")


def as_it_stands(path: Path) -> tuple[bytes, int, int]:
    """What is in the file, whose it is to read, and since when."""
    return path.read_bytes(), path.stat().st_mode, path.stat().st_mtime_ns


def waiting_by(beside: dict[str, bytes], folder: Path) -> set[str]:
    """The reports that wait where this is restored."""
    (folder / "restored.json").write_bytes(beside["unrouted.json"])
    return {one.id for one in Unrouted(folder / "restored.json").reports.values()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    keep(tmp_path / "town.backup", TOPICS)
    return tmp_path / "town.backup"


def test_a_file_of_another_programme_is_not_restored(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NAADLOOS_PROGRAMME", "another")

    assert main(["--lang", "en", "restore", str(path), "--go"]) == Exit.BAD_INPUT
    assert "export NAADLOOS_PROGRAMME=demo NAADLOOS_PARTITIONS=1" in capsys.readouterr().err


def test_what_went_in_comes_out(path: Path) -> None:
    with opened(path) as file:
        assert {topic: list(file.records(topic, 0)) for topic in TOPICS} == TOPICS
        assert file.at == MONDAY
        assert file.beside() == {"clock": b"2027-03-01T08:00:00+00:00"}
        assert file.counts() == {topic: len(found) for topic, found in TOPICS.items()}


def test_a_whole_file_proves_its_journal(path: Path) -> None:
    with opened(path) as file:
        found = proved(file)

    assert found.accepted == len(TOPICS["journal"])
    assert found.heads[0].position == len(TOPICS["journal"]) - 1


def test_nobody_but_its_owner_may_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0


def test_nobody_else_may_read_what_is_added_to_a_file_that_others_could_read(path: Path) -> None:
    path.chmod(0o644)
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("whole", [True, False])
def test_to_show_what_would_be_kept_changes_no_file(whole: bool, path: Path) -> None:  # noqa: FBT001 - pytest's own way
    path.write_bytes(path.read_bytes() if whole else b"")
    path.chmod(0o644)
    before = as_it_stands(path)

    missing = backup.left(path, Settings(programme=PROGRAMME, partitions=1), ALL_OF_IT)

    assert missing == (0 if whole else ALL_OF_IT.records)
    assert as_it_stands(path) == before


def test_to_show_what_would_be_kept_in_what_is_no_backup_changes_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text("a list of people\n")
    (tmp_path / "people.txt").chmod(0o644)
    before = as_it_stands(tmp_path / "people.txt")

    with pytest.raises(UnableToTrustError):
        backup.left(tmp_path / "people.txt", Settings(programme=PROGRAMME, partitions=1), ALL_OF_IT)

    assert as_it_stands(tmp_path / "people.txt") == before


def test_what_is_no_backup_keeps_its_rights_when_something_is_to_be_added(tmp_path: Path) -> None:
    (tmp_path / "people.txt").write_text("a list of people\n")
    (tmp_path / "people.txt").chmod(0o644)

    with pytest.raises(UnableToTrustError):
        keep(tmp_path / "people.txt", TOPICS)

    assert (tmp_path / "people.txt").stat().st_mode & 0o777 == 0o644


def test_what_would_be_added_to_a_file_of_another_programme_is_not_shown(path: Path) -> None:
    with pytest.raises(UnableToTrustError, match="export NAADLOOS_PROGRAMME=demo"):
        backup.left(path, Settings(programme="another", partitions=1), ALL_OF_IT)


def test_a_file_that_others_could_read_is_its_owners_alone_once_it_is_added_to(path: Path) -> None:
    path.chmod(0o644)

    with begun(path, programme="demo", prefix="demo", partitions=1):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("headers", [(), (("reason", b"schema"), ("empty", b""), ("none", None), ("odd", b"\xff\x00"))])
def test_headers_come_back_as_they_were(headers: tuple[tuple[str, bytes | None], ...]) -> None:
    assert headers_given(headers_kept(headers)) == headers


def test_a_mark_tells_an_empty_key_from_none_and_one_field_from_the_next() -> None:
    one = kept(3, b"value", b"key")
    others = [
        one._replace(offset=4),
        one._replace(at=one.at + 1),
        one._replace(key=b""),
        one._replace(key=None),
        one._replace(value=b""),
        one._replace(value=None),
        one._replace(key=b"keyv", value=b"alue"),
        one._replace(headers=headers_kept((("a", b"b"),))),
    ]

    marks = {mark_of("inbox", 0, each) for each in (one, *others)}

    assert len(marks | {mark_of("inbox", 1, one), mark_of("people", 0, one)}) == len(others) + 3


def test_a_file_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    assert "There is no file" in refused(tmp_path / "nothing")
    assert not (tmp_path / "nothing").exists()


def test_a_backup_that_was_never_finished_is_refused(tmp_path: Path) -> None:
    with begun(tmp_path / "half", programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        fill(file, TOPICS)

    assert "not whole" in refused(tmp_path / "half")


def test_an_interrupted_addition_leaves_the_cut_before_it(path: Path) -> None:
    more = {topic: [kept(len(found), b'{"more":1}')] for topic, found in TOPICS.items() if topic != "people"}
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        fill(file, more)  # type: ignore[arg-type]

    with opened(path) as file:
        assert proved(file).accepted == len(TOPICS["journal"])
        assert list(file.records("inbox", 0)) == TOPICS["inbox"]
        assert file.begun("inbox", 0) == len(TOPICS["inbox"]) + 1


def test_a_file_of_another_programme_is_not_added_to(path: Path) -> None:
    with (
        pytest.raises(UnableToTrustError, match="holds programme demo"),
        begun(path, programme="another", prefix=PROGRAMME, partitions=1),
    ):
        pass


def test_a_part_of_the_file_is_proved_before_it_is_the_cut(tmp_path: Path) -> None:
    with begun(tmp_path / "half", programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        fill(file, TOPICS)
        found = proof(file.upto(ends_of(TOPICS)))

    assert found.whole
    assert found.accepted == len(TOPICS["journal"]) <= BATCH


def test_a_file_beside_kafka_that_this_code_does_not_know_is_not_put_anywhere(path: Path) -> None:
    with begun(path, programme=PROGRAMME, prefix=PROGRAMME, partitions=1) as file:
        came = file.committed()
        file.close_cut(ends_of(TOPICS), came, beside={"../../escaped": b"x"}, at=MONDAY)

    assert "keeps a file ../../escaped of which this code knows nothing" in refused(path)


def test_a_report_that_is_routed_or_comes_while_the_cut_is_taken_stands_in_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Settings(state_dir=tmp_path / "ours", programme=PROGRAMME)
    unrouted = Unrouted(ours.folder / "unrouted.json")
    unrouted.keep([report("routed"), report("waits")])

    def meanwhile(*_: object) -> dict[Place, int]:
        unrouted.keep([report("comes"), report("comes-and-goes")])
        unrouted.forget(["provider/routed", "provider/comes-and-goes"])
        return {}

    monkeypatch.setattr(backup, "check_topics", lambda _: None)
    monkeypatch.setattr(backup, "all_committed", lambda _: [])
    monkeypatch.setattr(backup, "ends_now", meanwhile)

    assert waiting_by(backup.cut_now(ours).beside, tmp_path) == {"routed", "waits", "comes", "comes-and-goes"}


def test_the_first_report_that_waits_comes_while_the_cut_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Settings(state_dir=tmp_path / "ours", programme=PROGRAMME)

    def meanwhile(*_: object) -> dict[Place, int]:
        Unrouted(ours.folder / "unrouted.json").keep([report("comes")])
        return {}

    monkeypatch.setattr(backup, "check_topics", lambda _: None)
    monkeypatch.setattr(backup, "all_committed", lambda _: [])
    monkeypatch.setattr(backup, "ends_now", meanwhile)

    assert waiting_by(backup.cut_now(ours).beside, tmp_path) == {"comes"}


@pytest.mark.parametrize("more", [b"", b'[{"kind": "sim", "id"'])
def test_where_none_comes_or_goes_the_file_is_kept_as_it_stands(more: bytes, tmp_path: Path) -> None:
    Unrouted(tmp_path / "unrouted.json").keep([report("waits")])
    body = (tmp_path / "unrouted.json").read_bytes() + more

    assert in_either(body, body) == body


def test_a_line_that_is_half_written_at_the_first_look_is_read_at_the_second(tmp_path: Path) -> None:
    unrouted = Unrouted(tmp_path / "unrouted.json")
    unrouted.keep([report("waits")])
    unrouted.keep([report("comes")])
    body = (tmp_path / "unrouted.json").read_bytes()

    assert waiting_by({"unrouted.json": in_either(body[:-9], body)}, tmp_path) == {"waits", "comes"}


def test_every_topic_is_backed_up_and_put_back() -> None:
    names = sorted(topic.name for topic in TOPICS_THERE_ARE)

    assert sorted(backup.AGAINST_THE_FLOW) == names
    assert sorted(INBOX_LAST) == names
