from __future__ import annotations

import pytest
from kafka.admin import KafkaAdminClient

from workers.bench.report import BenchReport
from workers.bench.run import Bench, Sizes
from workers.runtime.settings import Settings

pytestmark = pytest.mark.integration

SMALL = Sizes(records=800, rounds=1, faust_records=100, facts=3, journal_records=800, employees=2)


@pytest.fixture(scope="module")
def report(kafka: Settings) -> BenchReport:
    return Bench(kafka, SMALL, parts=("deciding", "latency", "restart", "proof")).run()


@pytest.mark.long
def test_whole_rehearsals_are_measured(kafka: Settings) -> None:
    measured = Bench(kafka, SMALL, parts=("end-to-end",)).run()

    assert [part.done for part in measured.end_to_end] == [SMALL.employees] * 2


def test_each_part_is_measured_on_the_real_kafka(report: BenchReport) -> None:
    assert [part.flushed for part in report.deciding] == [True, False]
    assert report.latency is not None
    assert report.restart is not None
    assert report.replaying is not None
    assert report.proof is not None
    assert report.proof.steps > report.proof.situations > 1_000
    assert report.replaying.compared.records == report.replaying.folded.records == report.restart.journal_records


def test_decider_and_bare_loop_have_the_same_records(report: BenchReport) -> None:
    for part in report.deciding:
        assert part.decider.records >= part.bare.records
        assert part.commands > 0
        assert len(part.rounds) == SMALL.rounds


def test_a_report_reads_back_as_it_was_written(report: BenchReport) -> None:
    assert BenchReport.model_validate_json(report.model_dump_json()) == report


def test_nothing_of_it_is_left(report: BenchReport, kafka: Settings) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    topics = {topic["name"] for topic in admin.describe_topics()}
    admin.close()

    assert report.machine.cores > 0
    assert not [name for name in topics if name.startswith("bench-")]
    assert not list(kafka.state_dir.glob("bench-*"))
