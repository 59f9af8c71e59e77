"""The list of topics holds together, before any broker sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import pytest
from kafka.admin import NewTopic

from workers.runtime import cluster as clusters
from workers.runtime import topics
from workers.runtime.cluster import UnableToRelyOnClusterError, check_remembers
from workers.runtime.settings import Settings
from workers.runtime.topics import TOPICS, Topic, TopicName, create_topics, replication, topic_configs, topic_name
from workers.runtime.unable import UnableToError


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, kafka_bootstrap_servers=None)


@pytest.fixture
def cluster(tmp_path: Path) -> Settings:
    return Settings(state_dir=tmp_path, kafka_bootstrap_servers="one:9092,two:9092")


def topic(name: TopicName) -> Topic:
    return next(each for each in TOPICS if each.name == name)


def test_every_name_stands_in_the_list_once() -> None:
    assert sorted(each.name for each in TOPICS) == sorted(get_args(TopicName))


def test_inbox_and_journal_are_keyed_alike_so_that_a_subject_has_one_partition_number_in_both() -> None:
    assert topic("inbox").key == topic("journal").key == "subject"


def test_a_topic_bears_the_prefix_of_its_programme(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, topic_prefix="rotterdam")

    assert topic_name(settings, "dead-letters") == "rotterdam.dead-letters"


def test_a_prefix_that_kafka_would_refuse_is_refused_here(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="topic_prefix"):
        Settings(state_dir=tmp_path, topic_prefix="Den Haag")


@pytest.mark.parametrize("each", TOPICS, ids=lambda each: each.name)
def test_nothing_expires_and_any_time_is_taken(here: Settings, each: Topic) -> None:
    configs = topic_configs(here, each)

    assert configs["retention.ms"] == "-1"
    assert configs["retention.bytes"] == "-1"
    assert configs["message.timestamp.after.max.ms"] == str(2**63 - 1)


def test_only_what_is_known_of_people_is_compacted(here: Settings) -> None:
    compacted = [each.name for each in TOPICS if topic_configs(here, each)["cleanup.policy"] == "compact"]

    assert compacted == ["people"]


def test_the_embedded_broker_has_inbox_and_journal_on_disk_before_it_acknowledges(here: Settings) -> None:
    assert topic_configs(here, topic("inbox"))["flush.messages"] == "1"
    assert topic_configs(here, topic("journal"))["flush.messages"] == "1"
    assert "flush.messages" not in topic_configs(here, topic("commands.porting"))


def test_flushing_can_be_left_out(here: Settings) -> None:
    without = here.model_copy(update={"flush_each_batch": False})

    assert "flush.messages" not in topic_configs(without, topic("journal"))


def test_a_given_cluster_keeps_three_copies_and_needs_two_of_them(cluster: Settings) -> None:
    assert replication(cluster) == 3
    assert topic_configs(cluster, topic("journal"))["min.insync.replicas"] == "2"
    assert "flush.messages" not in topic_configs(cluster, topic("journal"))


def test_the_embedded_broker_keeps_one_copy(here: Settings) -> None:
    assert replication(here) == 1
    assert "min.insync.replicas" not in topic_configs(here, topic("journal"))


def test_a_kafka_that_is_not_there_is_named(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path, kafka_bootstrap_servers="127.0.0.1:1", kafka_answer_seconds=1)

    with pytest.raises(UnableToError, match=r"Kafka at 127\.0\.0\.1:1 .*(\n.*)*naadloos kafka status"):
        create_topics(settings)


class FakeCluster:
    """The cluster of one broker that an admin's client asks; it may not show its settings."""

    def __init__(self, shows: dict[str, dict[str, object]]) -> None:
        self.shows = shows
        self.topics: dict[str, int] = {}
        self.asked = 0

    @contextmanager
    def admin(self, _settings: Settings, *, undone: str) -> Iterator[FakeCluster]:
        assert undone
        yield self

    def describe_topics(self) -> list[dict[str, Any]]:
        return [{"name": name, "partitions": [None] * count} for name, count in self.topics.items()]

    def describe_cluster(self) -> dict[str, Any]:
        return {"brokers": [{"broker_id": 1}]}

    def describe_configs(self, asked: Sequence[object], *, config_filter: str) -> dict[str, Any]:
        assert (len(asked), config_filter) == (1, "all")
        self.asked += 1
        return {"broker": {"1": self.shows}}

    def create_topics(self, wanted: Sequence[NewTopic], **_more: object) -> None:
        self.topics |= {one.name: one.num_partitions for one in wanted}


def kept_for(days: int) -> dict[str, dict[str, object]]:
    return {"offsets.retention.minutes": {"value": str(days * 24 * 60)}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> FakeCluster:
    """A cluster that keeps for a week how far workers came, which is Kafka's default."""
    fake = FakeCluster(kept_for(7))
    for module in (topics, clusters):
        monkeypatch.setattr(module, "admin", fake.admin)
    return fake


def test_no_topic_is_made_on_a_cluster_that_soon_forgets_how_far_workers_came(
    cluster: Settings, asked: FakeCluster
) -> None:
    with pytest.raises(UnableToRelyOnClusterError, match=r"^Topics not made: (.*\n)*.*NAADLOOS_OFFSETS_KEPT_DAYS=7$"):
        create_topics(cluster)

    assert asked.topics == {}


def test_where_no_topic_is_missing_nobody_asks_what_the_cluster_keeps(cluster: Settings, asked: FakeCluster) -> None:
    asked.shows = kept_for(60)
    create_topics(cluster)
    asked.shows, asked.asked = kept_for(7), 0

    create_topics(cluster)

    assert asked.asked == 0


@pytest.mark.usefixtures("asked")
def test_no_worker_is_started_on_a_cluster_that_soon_forgets_how_far_workers_came(cluster: Settings) -> None:
    with pytest.raises(
        UnableToRelyOnClusterError, match=r"^Workers not started: one:9092,two:9092 forgets after 7 days"
    ):
        check_remembers(cluster)


@pytest.mark.parametrize("shows", [{}, {"offsets.retention.minutes": {"value": None}}])
def test_a_cluster_that_does_not_show_what_it_keeps_is_told_in_words(
    shows: dict[str, dict[str, object]], cluster: Settings, asked: FakeCluster
) -> None:
    asked.shows = shows

    with pytest.raises(UnableToRelyOnClusterError, match=r"does not tell (.*\n)*.*NAADLOOS_OFFSETS_KEPT_DAYS=0$"):
        create_topics(cluster)

    create_topics(cluster.model_copy(update={"offsets_kept_days": 0}))


def test_the_kafka_of_this_machine_is_not_asked_what_it_keeps(here: Settings, asked: FakeCluster) -> None:
    create_topics(here)
    check_remembers(here)

    assert asked.asked == 0
