"""Accounts for a run as a consumer of its topics would: librdkafka, read_committed, nothing of ours.

Prints one line of JSON; see `Account` in account.ts.

usage: account.py BOOTSTRAP-SERVERS TOPIC RUN DAY.json
"""

import json
import sys
import time
from collections import Counter

from confluent_kafka import Consumer, TopicPartition

servers, topic, run, day = sys.argv[1:]
DEADLINE = time.monotonic() + 120


def read(name, isolation):
    """All records of a topic: (partition, key, value, headers), each partition in order.

    It goes on until it has passed all that was there when it began, whatever holds it up.
    """
    consumer = Consumer({
        "bootstrap.servers": servers,
        "group.id": "faults-reader",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": isolation,
        "auto.offset.reset": "error",
        "check.crcs": True,
    })
    partitions = consumer.list_topics(name, 30).topics[name].partitions
    parts = [TopicPartition(name, id, 0) for id in partitions]
    ends = {p.partition: consumer.get_watermark_offsets(p, 30)[1] for p in parts}
    consumer.assign(parts)
    waiting = {id for id, end in ends.items() if end > 0}
    records = []
    while waiting:
        if time.monotonic() > DEADLINE:
            sys.exit(f"{name}: partitions {waiting} are held up below {ends} ({isolation})")
        for message in consumer.consume(10_000, 0.2):
            if message.error() is None:
                headers = {k: v.decode() for k, v in message.headers() or []}
                records.append(
                    (message.partition(), message.key(), message.value(), headers)
                )
            elif message.error().name() != "_PARTITION_EOF":
                sys.exit(f"{name}: {message.error()}")
        for position in consumer.position(parts):
            if position.offset >= ends[position.partition]:
                waiting.discard(position.partition)
    consumer.close()
    return records


expected, dead_expected = {}, Counter()
with open(day) as file:
    for name, keys in json.load(file).items():
        for row, key in enumerate(keys):
            if key is None:
                dead_expected[name, row] += 1
            else:
                expected[key] = (name, row)

of_run = [r for r in read(topic, "read_committed") if r[3].get("run-id") == run]
keys = Counter(key.decode() for _, key, _, _ in of_run)
last, unordered, wrong = {}, [], []
for partition, key, value, headers in of_run:
    key = key.decode()
    file, row = expected.get(key, ("?", -1))
    if row <= last.get((partition, file), -1):
        unordered.append(key)
    last[partition, file] = row
    content = json.loads(value)
    if content["id"] != key or content["run_id"] != run or "prediction" not in content:
        wrong.append(key)

letters = [
    json.loads(value)
    for _, _, value, headers in read(f"{topic}.dead-letter", "read_committed")
    if headers.get("run-id") == run
]
dead = Counter((letter["input"], letter["row"]) for letter in letters)
completed = [
    json.loads(value)
    for _, key, value, _ in read(f"{topic}.runs", "read_committed")
    if key.decode() == run
]
uncommitted = [
    1 for r in read(topic, "read_uncommitted") if r[3].get("run-id") == run
]
json.dump(
    {
        "expected": len(expected),
        "expected_dead": sum(dead_expected.values()),
        "missing": [key for key in expected if key not in keys][:5],
        "repeated": [key for key, count in keys.items() if count > 1][:5],
        "strange": [key for key in keys if key not in expected][:5],
        "unordered": unordered[:5],
        "wrong": wrong[:5],
        "versions": sorted({headers["model-version"] for *_, headers in of_run}),
        "event_ids": len({headers["event-id"] for *_, headers in of_run}),
        "dead_differ": [list(k) for k in (dead - dead_expected) + (dead_expected - dead)][:5],
        "completed": completed,
        "aborted": len(uncommitted) - len(of_run),
    },
    sys.stdout,
)
