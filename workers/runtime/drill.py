"""A drill bears a mark on the broker, seen from every machine: no effect worker starts on it.

The mark is an empty topic of the drill's prefix. What stands in the others is the programme's, byte for byte, and a
backup of the drill keeps those alone.
"""

from __future__ import annotations

from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError

from workers.runtime.admin import admin
from workers.runtime.language import _
from workers.runtime.records import reader
from workers.runtime.settings import Settings
from workers.runtime.topics import drill_mark, replication
from workers.runtime.unable import UnableToError


class UnableToWorkOnDrillError(UnableToError):
    """Effect workers would ask the real counterparts for what a drill decides."""

    kind = "forbidden"


def mark_as_drill(settings: Settings) -> None:
    """No effect worker starts on these topics from now on. Safe to repeat."""
    mark = NewTopic(drill_mark(settings), num_partitions=1, replication_factor=replication(settings))
    with admin(settings, undone=_("Not marked as a drill")) as client:
        try:
            client.create_topics([mark], wait_for_metadata=True)
        except TopicAlreadyExistsError:
            return


def refuse_drill(settings: Settings) -> None:
    """These topics are no drill. Raises `UnableToWorkOnDrillError`; `KafkaException` where Kafka does not answer."""
    if _is_marked(settings):
        raise UnableToWorkOnDrillError(_refused(settings))


def refuse_to_spoil(settings: Settings) -> None:
    """These topics are no drill, which would be a copy of its backup no more. Raises as `refuse_drill`."""
    if settings.topic_prefix != settings.programme and _is_marked(settings):
        raise UnableToWorkOnDrillError(_spoiled(settings))


def _is_marked(settings: Settings) -> bool:
    with reader(settings) as client:
        return drill_mark(settings) in client.list_topics(timeout=settings.kafka_answer_seconds).topics


def _spoiled(settings: Settings) -> str:
    told = _(
        "Not said: topics {prefix} are a drill, a restore beside the running programme, and no decider hears there."
    )
    return "\n".join(
        (
            told.format(prefix=settings.topic_prefix),
            _("It would be a copy of its backup no more. Nothing was said."),
            _("Is it meant for the programme itself?  unset NAADLOOS_TOPIC_PREFIX"),
        )
    )


def _refused(settings: Settings) -> str:
    told = _("Not started: topics {prefix} are a drill, a restore beside the running programme.")
    look = _("Look at it:  NAADLOOS_TOPIC_PREFIX={prefix} naadloos status")
    return "\n".join(
        (
            told.format(prefix=settings.topic_prefix),
            _("Effect workers would ask the real counterparts for what it decides. No worker was started."),
            look.format(prefix=settings.topic_prefix),
            _("Start the programme's own workers:  unset NAADLOOS_TOPIC_PREFIX && naadloos up"),
            _("Is the backup to be the programme itself? Put it back under its own name:  naadloos restore FILE --go"),
        )
    )
