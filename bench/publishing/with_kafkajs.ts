/**
 * Publishes messages as users of kafkajs do.
 *
 * usage: with_kafkajs.ts BOOTSTRAP-SERVERS TOPIC MESSAGES BYTES PER-TRANSACTION
 */
import { Kafka, logLevel, Partitioners } from "kafkajs";

const [bootstrapServers = "", topic = "", messages = "", bytes = "", size = ""] = Deno.args;
const total = Number(messages);
const value = "x".repeat(Number(bytes));
const kafka = new Kafka({ brokers: bootstrapServers.split(","), logLevel: logLevel.NOTHING });
const producer = kafka.producer({
  transactionalId: crypto.randomUUID(),
  idempotent: true,
  maxInFlightRequests: 1,
  createPartitioner: Partitioners.DefaultPartitioner,
});
await producer.connect();
const started = performance.now();
for (let row = 0; row < total;) {
  const end = Math.min(total, row + Number(size));
  const messages = [];
  for (let i = row; i < end; i++) messages.push({ key: `${i}`, value });
  const transaction = await producer.transaction();
  await transaction.send({ topic, acks: -1, messages });
  await transaction.commit();
  row = end;
}
const seconds = (performance.now() - started) / 1000;
await producer.disconnect();
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ seconds })}\n`));
Deno.exit(0);
