"""The list of topics holds together, before any broker sees it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

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
