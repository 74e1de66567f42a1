/**
 * Publishes messages through our sink.
 *
 * usage: ours.ts BOOTSTRAP-SERVERS TOPIC MESSAGES BYTES PER-TRANSACTION [headers]
 */
import { kafkaSink } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { MessagePacker, PackedMessages, packHeaders } from "../../jobs/lib/publishing/mod.ts";

const [bootstrapServers = "", topic = "", messages = "", bytes = "", size = "", headers] =
  Deno.args;
const total = Number(messages);
const encoder = new TextEncoder();
const value = encoder.encode("x".repeat(Number(bytes)));
const none = PackedMessages.of([]);
const packer = new MessagePacker();
const sink = kafkaSink({ connection: { bootstrapServers }, topic, log: silentLog });
const run = crypto.randomUUID();
const identity = { environment: "bench", pipeline: "publishing", run, shard: 0, manifest: "bench" };
let { row } = await sink.open(identity);
const started = performance.now();
while (row < total) {
  const end = Math.min(total, row + Number(size));
  for (let i = row; i < end; i++) {
    packer.add(encoder.encode(`${i}`), value, packHeaders(headers ? headersOf(i) : {}));
  }
  row = end;
  const progress = { row, accepted: row, dead: 0, done: row === total };
  await sink.publish({ messages: packer.take(), deadLetters: none, progress });
}
const seconds = (performance.now() - started) / 1000;
await sink.close();
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ seconds })}\n`));
Deno.exit(0);

/** As predictions have them. */
function headersOf(row: number): Record<string, string> {
  return {
    "event-id": `14648a291285c4f074e87c3970c9f516-${row}`,
    "model-version": "3",
    "run-id": "2013-10-01T00:00:00Z",
    "content-type": "application/json",
  };
}
