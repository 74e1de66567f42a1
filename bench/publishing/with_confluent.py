"""Publishes messages as users of confluent-kafka (librdkafka) do.

usage: with_confluent.py BOOTSTRAP-SERVERS TOPIC MESSAGES BYTES PER-TRANSACTION [headers]
"""

import json
import sys
import time
import uuid

from confluent_kafka import Producer

servers, topic, total, size, per_transaction, *with_headers = sys.argv[1:]
total, size, per_transaction = int(total), int(size), int(per_transaction)
value = b"x" * size


def headers_of(row):
    """As predictions have them."""
    return {
        "event-id": f"14648a291285c4f074e87c3970c9f516-{row:09}",
        "model-version": "3",
        "run-id": "2013-10-01T00:00:00Z",
        "content-type": "application/json",
    }


producer = Producer(
    {
        "bootstrap.servers": servers,
        "transactional.id": str(uuid.uuid4()),
        "acks": "all",
        "partitioner": "murmur2_random",
        "queue.buffering.max.messages": 1_000_000,
    }
)
producer.init_transactions(30)
started = time.perf_counter()
for first in range(0, total, per_transaction):
    producer.begin_transaction()
    for i in range(first, min(total, first + per_transaction)):
        if with_headers:
            producer.produce(topic, value=value, key=str(i), headers=headers_of(i))
        else:
            producer.produce(topic, value=value, key=str(i))
    producer.commit_transaction(30)
print(json.dumps({"seconds": time.perf_counter() - started}))
