/**
 * Offsets of groups, as an operator gets at them.
 *
 * @module
 */

/** The committed offset of a group on partition 0; -1 if there is none. */
export async function committed(servers: string, group: string, topic: string): Promise<number> {
  return await withAdmin(servers, async (admin) => {
    const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
    return Number(found?.partitions.find(({ partition }) => partition === 0)?.offset ?? -1);
  });
}

/** Deletes a group, as a broker does when its offsets expire. */
export async function deleteGroup(servers: string, group: string): Promise<void> {
  await withAdmin(servers, (admin) => admin.deleteGroups([group]));
}

type Admin = ReturnType<InstanceType<typeof import("kafkajs").Kafka>["admin"]>;

async function withAdmin<T>(servers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const { Kafka, logLevel } = await import("kafkajs");
  const admin = new Kafka({ brokers: [servers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
