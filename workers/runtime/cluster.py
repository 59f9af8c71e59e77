"""What a cluster that was given must be set to; the embedded Kafka is set so when it is made."""

from __future__ import annotations

from typing import Final

from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from workers.runtime.admin import admin
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.unable import UnableToError

_KEPT: Final = "offsets.retention.minutes"
_DAY: Final = 24 * 60


class UnableToRelyOnClusterError(UnableToError):
    """The cluster would forget what the programme relies on."""


def check_remembers(settings: Settings) -> None:
    """Workers may be started on this cluster. Raises `UnableToRelyOnClusterError`."""
    undone = _("Workers not started")
    with admin(settings, undone=undone) as client:
        check_cluster(settings, client, undone=undone)


def check_cluster(settings: Settings, client: KafkaAdminClient, *, undone: str) -> None:
    """Every broker keeps the offsets of a group that nobody is in for as long as the settings ask.

    A broker's own default is a week. Workers that are down for longer would find none, say every command of the
    programme again, and take every old one for new. Raises `UnableToRelyOnClusterError`, which begins with what is
    `undone` by it. The Kafka of this machine is not asked, nor any cluster where nothing need be kept.
    """
    if settings.embedded or not settings.offsets_kept_days:
        return
    told = _minutes(client)
    if None in told:
        raise UnableToRelyOnClusterError(_not_told(settings, undone))
    days = min(map(int, filter(None, told))) // _DAY
    if days < settings.offsets_kept_days:
        raise UnableToRelyOnClusterError(_too_short(settings, undone, days))


def _minutes(client: KafkaAdminClient) -> list[str | None]:
    """What each broker says; nothing where it does not show that to everybody."""
    brokers = [str(broker["broker_id"]) for broker in client.describe_cluster()["brokers"]]
    asked = [ConfigResource(ConfigResourceType.BROKER, broker, {_KEPT: None}) for broker in brokers]
    described = client.describe_configs(asked, config_filter="all")
    return [configs.get(_KEPT, {}).get("value") for found in described.values() for configs in found.values()]


def _not_told(settings: Settings, undone: str) -> str:
    hidden = _("{undone}: {servers} does not tell how long it knows how far workers came that are down ({name}).")
    return "\n".join(
        (
            hidden.format(undone=undone, servers=settings.bootstrap_servers, name=_KEPT),
            _("After a longer stop every command of the programme would be said again. Nothing was changed."),
            _("Let us read its brokers' settings (DescribeConfigs on Cluster), and give the same command again."),
            _("Or, if whoever runs it says {days} days or more:  export NAADLOOS_OFFSETS_KEPT_DAYS=0").format(
                days=settings.offsets_kept_days
            ),
        )
    )


def _too_short(settings: Settings, undone: str, days: int) -> str:
    forgets = _("{undone}: {servers} forgets after {days} days how far workers came that are down.")
    return "\n".join(
        (
            forgets.format(undone=undone, servers=settings.bootstrap_servers, days=days),
            _("After a longer stop every command of the programme would be said again. Nothing was changed."),
            _("Set {name} on its brokers to {minutes} or more, and give the same command again.").format(
                name=_KEPT, minutes=settings.offsets_kept_days * _DAY
            ),
            _("Or, if no stop will ever last so long:  export NAADLOOS_OFFSETS_KEPT_DAYS={days}").format(days=days),
        )
    )
