"""What a cluster that was given must be set to; the embedded Kafka is set so when it is made."""

from __future__ import annotations

from typing import Final

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

_KEPT: Final = "offsets.retention.minutes"
_DAY: Final = 24 * 60


class UnableToRelyOnClusterError(UnableToError):
    """The cluster would forget what the programme relies on."""


def check_cluster(settings: Settings, client: KafkaAdminClient) -> None:
    """Every broker keeps the offsets of a group that nobody is in for as long as the settings ask.

    A broker's own default is a week. Workers that are down for longer would find none, say every command of the
    programme again, and take every old one for new. Raises `UnableToRelyOnClusterError`.
    """
    days = min(_minutes(client)) // _DAY
    if days < settings.offsets_kept_days:
        raise UnableToRelyOnClusterError(_too_short(settings, days))


def _minutes(client: KafkaAdminClient) -> list[int]:
    brokers = [str(broker["broker_id"]) for broker in client.describe_cluster()["brokers"]]
    asked = [ConfigResource(ConfigResourceType.BROKER, broker, {_KEPT: None}) for broker in brokers]
    described = client.describe_configs(asked, config_filter="all")
    return [int(configs[_KEPT]["value"]) for found in described.values() for configs in found.values()]


def _too_short(settings: Settings, days: int) -> str:
    return "\n".join(
        (
            _("Topics not made: {servers} forgets after {days} days how far workers came that are down.").format(
                servers=settings.bootstrap_servers, days=days
            ),
            _("After a longer stop every command of the programme would be said again. Nothing was changed."),
            _("Set {name} on its brokers to {minutes} or more, and give the same command again.").format(
                name=_KEPT, minutes=settings.offsets_kept_days * _DAY
            ),
            _("Or, if no stop will ever last so long:  export NAADLOOS_OFFSETS_KEPT_DAYS={days}").format(days=days),
        )
    )
