"""Before a restore: that the file is to be trusted, and nothing else stands where its records go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from workers.audit.proof import PASSED_OVER, Proof, proof
from workers.keeping.file import BackupFile, Place
from workers.keeping.groups import came_to
from workers.keeping.kept import CLOCKS, COMPACTED, WAITING, Kept
from workers.keeping.live import ends_now, portions, topics_there
from workers.keeping.unable import UnableToTrustError
from workers.runtime.language import _
from workers.runtime.settings import Settings
from workers.runtime.topics import TopicName, topic_name
from workers.runtime.unable import UnableToAllowError


def target_of(settings: Settings, file: BackupFile, prefix: str | None) -> Settings:
    """The programme that is restored: the file's own topics, or others of this prefix. Raises `UnableToTrustError`."""
    if (file.programme, file.partitions) != (settings.programme, settings.partitions):
        raise UnableToTrustError(_other_programme(file))
    return settings.model_copy(update={"topic_prefix": prefix or file.prefix})


def is_drill(target: Settings, file: BackupFile) -> bool:
    """Whether the programme would be restored beside its own topics."""
    return target.topic_prefix != file.prefix


def proved(file: BackupFile) -> Proof:
    """The file is as it was written, and its journal as it was decided. Raises `UnableToTrustError`, with the place."""
    if unknown := sorted(file.beside().keys() - {*WAITING, *CLOCKS}):
        raise UnableToTrustError(_not_ours(file, unknown[0]))
    broken = next(file.damage(file.ends()), None)
    if broken is None:
        found = proof(file)
        found.hold_against(came_to(file.committed()))
        if found.sound:
            return found
        broken = min(found.findings, key=lambda finding: finding.kind in PASSED_OVER).told()
    raise UnableToTrustError(_damaged(file, broken))


def standing(target: Settings, file: BackupFile) -> Counter[Place]:
    """How many records of the file stand in the topics already.

    Raises `UnableToAllowError` where there is any other record, with its place.
    """
    there = topics_there(target)
    stands: Counter[Place] = Counter()
    if wrong := {topic: count for topic, count in there.items() if count != file.partitions}:
        topic, count = wrong.popitem()
        raise UnableToAllowError(_other_count(topic_name(target, topic), count, file.partitions))
    ends = ends_now(target, there)
    for topic in there:
        ours = {partition: end for (name, partition), end in ends.items() if name == topic}
        expected = {partition: restorable(file, topic, partition) for partition in ours}
        for portion in portions(target, topic, dict.fromkeys(ours, 0), ours):
            for partition, kept in portion:
                kept_here = next(expected[partition], None)
                if kept_here is None:
                    raise UnableToAllowError(_goes_on(topic_name(target, topic), partition, kept.offset))
                if not _same(topic, kept_here, kept):
                    raise UnableToAllowError(others_there(topic_name(target, topic), partition, kept.offset))
                stands[topic, partition] += 1
    return stands


def restorable(file: BackupFile, topic: TopicName, partition: int) -> Iterator[Kept]:
    """The records that are put back: all of them, or of a compacted topic the newest of each key.

    Who was forgotten leaves no trace there: the empty record that forgets is not put back either.
    """
    records = file.records(topic, partition)
    return (kept for kept in records if kept.value is not None) if topic in COMPACTED else records


def _same(topic: TopicName, ours: Kept, theirs: Kept) -> bool:
    at = theirs.at if ours.at <= 0 else ours.at  # the client takes 0 for no time of its own, as it takes none
    offset = theirs.offset if topic in COMPACTED else ours.offset
    return ours._replace(at=at, offset=offset) == theirs


def _other_programme(file: BackupFile) -> str:
    return "\n".join(
        (
            _("{path} holds programme {programme} in {partitions} partitions, and the settings name another.").format(
                path=file.path, programme=file.programme, partitions=file.partitions
            ),
            _("Nothing was done. Set them:  export NAADLOOS_PROGRAMME={programme} NAADLOOS_PARTITIONS={count}").format(
                programme=file.programme, count=file.partitions
            ),
        )
    )


def _not_ours(file: BackupFile, name: str) -> str:
    told = _("{path} keeps a file {name} of which this code knows nothing.").format(path=file.path, name=name)
    return told + "\n" + _("Nothing of it was restored. Take the code that made it; this one is:  naadloos --version")


def _damaged(file: BackupFile, broken: str) -> str:
    return "\n".join(
        (
            _("{path} is damaged: {broken}.").format(path=file.path, broken=broken),
            _("Nothing of it was restored. Take another copy. All that is wrong:  naadloos audit --from {path}").format(
                path=file.path
            ),
        )
    )


def _other_count(topic: str, count: int, wanted: int) -> str:
    return "\n".join(
        (
            _("Not restored: {topic} is there with {count} partitions, and the file has {wanted}.").format(
                topic=topic, count=count, wanted=wanted
            ),
            _("Nothing was written. Restore beside it:  naadloos restore FILE --into ANOTHER-PREFIX --go"),
        )
    )


def others_there(topic: str, partition: int, offset: int) -> str:
    """Why nothing is written where somebody else's records stand."""
    return "\n".join(
        (
            _(
                "Not restored: {topic}, partition {partition}, holds another record at offset {offset} than the file."
            ).format(topic=topic, partition=partition, offset=offset),
            _("Nothing more was written. Restore beside it:  naadloos restore FILE --into ANOTHER-PREFIX --go"),
        )
    )


def _goes_on(topic: str, partition: int, offset: int) -> str:
    """Why nothing is written where the programme went on after the backup was made."""
    return "\n".join(
        (
            _(
                "Not restored: {topic}, partition {partition}, goes on at offset {offset}, where the file ends: "
                "the programme went on after this backup."
            ).format(topic=topic, partition=partition, offset=offset),
            _("Nothing was written. Look at the backup beside it:  naadloos restore FILE --into ANOTHER-PREFIX --go"),
        )
    )
