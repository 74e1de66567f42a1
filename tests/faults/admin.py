"""What an administrator does: topics, and the least rights of the principal `scorer`.

usage: admin.py BOOTSTRAP-SERVERS topics PARTITIONS TOPIC... | grant | delete-topics TOPIC...
       | delete-group GROUP | partitions COUNT TOPIC | decided TOPIC (waits until it has no open transaction)
       | forgotten GROUP (waits until its offsets have expired)
"""

import sys
import time

from confluent_kafka import (
    ConsumerGroupTopicPartitions,
    IsolationLevel,
    KafkaError,
    KafkaException,
    TopicPartition,
)
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourcePatternType,
    ResourceType,
)

SUFFIXES = ("", ".dead-letter", ".runs")
servers, command, *args = sys.argv[1:]
admin = AdminClient({"bootstrap.servers": servers})
# Once it hears of the brokers it drops the connection that it began with, and what waits for an answer there.
admin.list_topics(timeout=30)


def wait(futures):
    for future in futures.values():
        future.result(60)


def grant(bindings):
    """Rights that are given twice are given once."""
    for left in reversed(range(5)):
        try:
            return wait(admin.create_acls(bindings))
        except KafkaException as error:
            if error.args[0].code() != KafkaError._DESTROY_BROKER or left == 0:
                raise


if command == "topics":
    partitions, *names = args
    wait(admin.create_topics([
        NewTopic(name + suffix, 1 if suffix == ".runs" else int(partitions))
        for name in names
        for suffix in SUFFIXES
    ], operation_timeout=30))
elif command == "delete-topics":
    wait(admin.delete_topics(args, operation_timeout=30))
elif command == "decided":
    [topic] = args
    parts = admin.list_topics(topic, 30).topics[topic].partitions
    latest = {TopicPartition(topic, id): OffsetSpec.latest() for id in parts}

    def ends(level):
        found = admin.list_offsets(latest, isolation_level=level)
        return {p.partition: future.result(30).offset for p, future in found.items()}

    deadline = time.monotonic() + 180
    while ends(IsolationLevel.READ_COMMITTED) != ends(IsolationLevel.READ_UNCOMMITTED):
        if time.monotonic() > deadline:
            sys.exit(f"{topic} still has an open transaction")
        time.sleep(0.5)
elif command == "forgotten":
    [group] = args
    deadline = time.monotonic() + 240
    while True:
        asked = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])
        if not asked[group].result(30).topic_partitions:
            break
        if time.monotonic() > deadline:
            sys.exit(f"{group} still has offsets")
        time.sleep(1)
elif command == "partitions":
    count, topic = args
    wait(admin.create_partitions([NewPartitions(topic, int(count))], operation_timeout=30))
elif command == "delete-group":
    wait(admin.delete_consumer_groups(args))
elif command == "grant":
    O = AclOperation
    grant([
        AclBinding(kind, prefix, ResourcePatternType.PREFIXED, "User:scorer", "*", operation,
                   AclPermissionType.ALLOW)
        for kind, prefix, operations in [
            (ResourceType.TOPIC, "faults-", [O.DESCRIBE, O.READ, O.WRITE]),
            (ResourceType.TRANSACTIONAL_ID, "faults.", [O.DESCRIBE, O.WRITE]),
            (ResourceType.GROUP, "faults.", [O.DESCRIBE, O.READ]),
            # An environment that lacks one of them.
            (ResourceType.TRANSACTIONAL_ID, "groupless.", [O.DESCRIBE, O.WRITE]),
        ]
        for operation in operations
    ])
else:
    sys.exit(__doc__)
