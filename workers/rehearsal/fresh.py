"""Every rehearsal has topics and a folder of its own, and the programme's commands find the latest.

Topics are never made again under a name that was just deleted: a broker that was still taking the old one away
acknowledged the first records of the new one and lost them (met with Kafka 4.3.1; docs/streaming.md).
"""

import shutil

from workers.runtime.kafka.server import ensure_kafka
from workers.runtime.settings import Settings, current_file
from workers.runtime.topics import create_topics, delete_topics


def fresh(settings: Settings) -> Settings:
    """The settings of a new rehearsal of this programme, without topics yet; the one before it is taken away.

    It has a clock of its own, and the simulated world where the providers are. Its topics are not flushed to disk per
    batch unless somebody asked for that: killed processes, the broker among them, lose nothing by it, and a rehearsal
    that meets a power cut is begun anew.
    """
    pointer = current_file(settings.state_dir, settings.programme)
    before = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else ""
    number = int(before.rsplit(".", 1)[1]) + 1 if before else 1
    prefix = f"{settings.programme}.{number}"
    new = settings.model_copy(update={"topic_prefix": prefix})
    new = new.model_copy(
        update={
            "clock_file": new.folder / "clock",
            "world_url": f"http://127.0.0.1:{new.world_port}",
            "flush_each_batch": settings.flush_each_batch and "flush_each_batch" in settings.model_fields_set,
        }
    )
    ensure_kafka(new)
    if before:
        old = settings.model_copy(update={"topic_prefix": before})
        delete_topics(old)
        shutil.rmtree(old.folder, ignore_errors=True)
    create_topics(new)
    new.folder.mkdir(parents=True, exist_ok=True)
    pointer.write_text(prefix, encoding="utf-8")
    return new
