/** What an administrator does to a broker. */
import type { Admin } from "kafkajs";
import { createTopics } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { KAFKA } from "./kafka_tools.ts";

/** Makes the three topics of an output topic. */
export async function makeTopics(name: string): Promise<void> {
  await createTopics({
    connection: { bootstrapServers: KAFKA.bootstrapServers },
    topic: name,
    partitions: 3,
    replicationFactor: -1,
    log: silentLog,
  });
}

/** Allows the user `scorer` operations on all names with a prefix. */
export async function grant(
  kind: "topic" | "transactional-id" | "group",
  prefix: string,
  operations: readonly ("DESCRIBE" | "READ" | "WRITE")[],
): Promise<void> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } =
    await import("kafkajs");
  const resources = {
    "topic": AclResourceTypes.TOPIC,
    "transactional-id": AclResourceTypes.TRANSACTIONAL_ID,
    "group": AclResourceTypes.GROUP,
  };
  const acl = operations.map((operation) => ({
    resourceType: resources[kind],
    resourceName: prefix,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: "User:scorer",
    host: "*",
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
  }));
  await asAdmin((admin) => admin.createAcls({ acl }));
}

/** Takes from the user `scorer` what an earlier run of these tests on this broker has granted. */
export async function revokeAll(): Promise<void> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } =
    await import("kafkajs");
  const filter = {
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    principal: "User:scorer",
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
  await asAdmin((admin) => admin.deleteAcls({ filters: [filter] }));
}

/** Does something as the superuser. */
export async function asAdmin(body: (admin: Admin) => Promise<unknown>): Promise<void> {
  const { Kafka, logLevel } = await import("kafkajs");
  const admin = new Kafka({ brokers: [KAFKA.bootstrapServers], logLevel: logLevel.NOTHING })
    .admin();
  await admin.connect();
  await body(admin);
  await admin.disconnect();
}
