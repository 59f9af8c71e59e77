"""Messages said again, byte for byte: as senders do that never heard that they were heard."""

from confluent_kafka import KafkaException, Producer, TopicPartition

from workers.runtime.records import end_of, found_of, reader, taken
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name

_SECONDS = 5.0


def say_again(settings: Settings, topic: TopicName, count: int) -> int:
    """So many of the last messages of the topic stand in it once more; how many there were to repeat.

    They come behind whatever was said since, so that they are late as well. A broker that is away repeats nothing.
    """
    name, latest = topic_name(settings, topic), []
    try:
        with reader(settings) as client:
            for partition in range(settings.partitions):
                end = end_of(client, name, partition)
                client.assign([TopicPartition(name, partition, max(0, end - count))])
                if end:
                    latest += [found_of(message, topic) for message in taken(client, _SECONDS, most=count)]
    except KafkaException:
        return 0
    producer = Producer({"bootstrap.servers": settings.bootstrap_servers, "acks": "all", "log_level": 0})
    for one in latest[-count:]:
        producer.produce(name, one.value, one.key, partition=one.partition, headers=list(one.headers))
    producer.flush(_SECONDS)
    return min(count, len(latest))
