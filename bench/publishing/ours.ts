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
const plain = packHeaders({});
const id = "14648a291285c4f074e87c3970c9f516-000000000";
const shared = packHeaders({
  "event-id": id,
  "model-version": "3",
  "run-id": "2013-10-01T00:00:00Z",
  "content-type": "application/json",
});
// How many headers there are, the name with its length, the id with its length.
const numberEnd = 1 + 1 + "event-id".length + 1 + id.length;
const sink = kafkaSink({ connection: { bootstrapServers }, topic, log: silentLog });
const run = crypto.randomUUID();
const identity = { environment: "bench", pipeline: "publishing", run, shard: 0, manifest: "bench" };
let { row } = await sink.open(identity);
const started = performance.now();
while (row < total) {
  const end = Math.min(total, row + Number(size));
  for (let i = row; i < end; i++) {
    packer.add(encoder.encode(`${i}`), value, headers === undefined ? plain : headersOf(i));
  }
  row = end;
  const progress = { row, accepted: row, dead: 0, done: row === total };
  const messages = packer.take();
  await sink.publish({ messages, deadLetters: none, progress });
  packer.reuse(messages);
}
const seconds = (performance.now() - started) / 1000;
await sink.close();
await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify({ seconds })}\n`));
Deno.exit(0);

/** As predictions have them, encoded but for the row's number, as scoring does it. */
function headersOf(row: number): Uint8Array {
  for (let at = numberEnd, rest = row; at > numberEnd - 9; rest = Math.floor(rest / 10)) {
    shared[--at] = 48 + rest % 10;
  }
  return shared;
}
