"""Reads predictions run by run: a run is handed on when it is complete, and never in part.

    pip install confluent-kafka
    python consume.py BOOTSTRAP_SERVERS TOPIC GROUP [RUNS]

Prints each prediction as a line of JSON, then goes on to the next run; ends after RUNS runs, if given.
It keeps the predictions of open runs in memory, so it must be the only process of its group: with more,
each gets some of the partitions, and they would have to meet in a database.

Settings beyond the servers (security.protocol, sasl.mechanism, ...) come from KAFKA_CONFIG, a JSON
object of librdkafka's settings.
"""

import json
import os
import sys
from collections import defaultdict

from confluent_kafka import Consumer, KafkaException


def main(servers, topic, group, runs=None):
    consumer = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": group,
            # Without it, messages of transactions that were aborted or are still open are read too.
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            # Offsets are committed once what was read is handed on, not before.
            "enable.auto.commit": False,
            **json.loads(os.environ.get("KAFKA_CONFIG", "{}")),
        }
    )
    consumer.subscribe([topic, f"{topic}.runs"])
    pending = defaultdict(list)  # predictions by run
    complete = {}  # records of completed runs, by run
    replaced = set()  # runs that are not wanted any more
    handed_on = 0
    try:
        while runs is None or handed_on < int(runs):
            message = consumer.poll(1.0)
            if message is None:
                continue
            if message.error():
                raise KafkaException(message.error())
            if message.topic() == topic:
                run = dict(message.headers())["run-id"].decode()
                if run not in replaced:
                    pending[run].append(message.value())
            else:
                record = json.loads(message.value())
                if record["run_id"] not in replaced:
                    complete[record["run_id"]] = record
                # It may have been abandoned half-way, and what is left of it may come later.
                old = record.get("supersedes")
                replaced.add(old)
                pending.pop(old, None)
                complete.pop(old, None)
            # The record can arrive before the last predictions: they are in other partitions.
            for run in [run for run in complete if len(pending[run]) == complete[run]["accepted"]]:
                hand_on(complete.pop(run), pending.pop(run))
                handed_on += 1
            # Another run that has begun is read again after a restart.
            if not complete and not any(pending.values()):
                consumer.commit(asynchronous=False)
    finally:
        consumer.close()


def hand_on(record, predictions):
    """Your part. It must not mind to get a run again: a crash just before the commit repeats it."""
    supersedes = f" in place of {record['supersedes']}" if "supersedes" in record else ""
    print(f"run {record['run_id']}{supersedes}: {len(predictions)} predictions", file=sys.stderr)
    for prediction in predictions:
        print(prediction.decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
