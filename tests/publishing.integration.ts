/**
 * Publishing exactly once, to files and to a real broker, whatever dies when. What was published is
 * read back by readers that are not ours: Kafka's console consumer, and plain reading of files.
 */
import assert from "node:assert/strict";
import { kafkaSink, shardId } from "../jobs/lib/kafka/mod.ts";
import { DependencyError, FencedError, StoppedError, UsageError } from "../jobs/lib/errors.ts";
import { silentLog } from "../jobs/lib/log.ts";
import { fileSink, PackedMessages, type Sink } from "../jobs/lib/publishing/mod.ts";
import {
  type Fault,
  type Proxy,
  type Request,
  REQUESTS,
  startProxy,
} from "./publishing/kafka_proxy.ts";
import { asAdmin, grant, makeTopics, revokeAll } from "./publishing/kafka_admin.ts";
import { describeGroup, KAFKA, readCommitted } from "./publishing/kafka_tools.ts";
import {
  deadRowsOf,
  disorderedKeys,
  EXPECTED,
  identityOf,
  publishNext,
  publishRun,
  type Read,
  RESUMED_ROWS_PER_TRANSACTION,
  ROWS,
  rowsOf,
} from "./publishing/workload.ts";

/** A kind of sink, and a reader of what it published. */
interface Target {
  readonly name: string;
  sink(): Sink;
  /** Makes the progress of a run vanish. */
  forget(run: string): Promise<void>;
  read(run: string): Promise<{ messages: Read[]; deadLetters: Read[]; runs: Read[] }>;
}

const folder = await Deno.makeTempDir();
const topic = `publishing-${crypto.randomUUID()}`;
const LOCAL = { bootstrapServers: KAFKA.bootstrapServers };
const NONE = PackedMessages.of([]);

const files: Target = {
  name: "files",
  sink: () => fileSink({ folder }),
  forget: (run) => Deno.remove(`${folder}/${run}/_progress`, { recursive: true }),
  read: async (run) => ({
    messages: await readFolder(`${folder}/${run}`),
    deadLetters: await readFolder(`${folder}/${run}/dead-letter`),
    runs: [{ key: run, value: await Deno.readTextFile(`${folder}/${run}/_complete.json`) }],
  }),
};
const kafka: Target = {
  name: "Kafka",
  sink: () => kafkaSink({ connection: LOCAL, topic, log: silentLog }),
  forget: (run) => asAdmin((admin) => admin.deleteGroups([shardId(identityOf(run))])),
  read: async () => {
    const read = await readCommitted(topic);
    const of = (field: string) => read.filter(({ value }) => field in JSON.parse(value));
    return { messages: of("prediction"), deadLetters: of("reason"), runs: of("inputs") };
  },
};

// kafkajs leaves timers of connections that were cut.
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

Deno.test.beforeAll(async () => {
  await makeTopics(topic);
});
Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

test("fileSink(): killed before each of its file operations, a run resumes without loss or repeat", async () => {
  const { stdout } = await runChild("publish_files.ts", [folder, "uncut"]);
  const operations = Number(/operations (\d+)/.exec(stdout)?.[1]);
  assert.ok(operations > 30, `${operations} operations`);
  for (let last = 1; last <= operations; last++) {
    const run = `killed-before-${last}`;
    const { signal } = await runChild("publish_files.ts", [folder, run, `${last}`]);
    assert.equal(signal, "SIGKILL");
    await publish(files.sink(), run, RESUMED_ROWS_PER_TRANSACTION);
    await assertWhole(files, run);
  }
});

test("kafkaSink(): killed before and after each request, a run resumes without loss or repeat", async () => {
  const runs: string[] = [];
  for (const fault of faults()) {
    const run = runName("killed", fault);
    await using proxy = startProxy(KAFKA.bootstrapServers, fault, () => child.kill("SIGKILL"));
    const child = startChild("publish_kafka.ts", [proxy.bootstrapServers, topic, run]);
    assert.equal((await child.status).signal, "SIGKILL", run);
    await publish(kafka.sink(), run, RESUMED_ROWS_PER_TRANSACTION);
    runs.push(run);
  }
  await assertWhole(kafka, ...runs);
});

test("kafkaSink(): when a connection breaks before or after the broker acts, it recovers by itself", async () => {
  const runs: string[] = [];
  for (const fault of faults()) {
    const run = runName("cut", fault);
    await using proxy = startProxy(KAFKA.bootstrapServers, fault, () => {});
    await publish(throughProxy(proxy), run);
    assert.ok(proxy.happened(), run);
    runs.push(run);
  }
  await assertWhole(kafka, ...runs);
});

for (const target of [files, kafka]) {
  test(`${target.name}: a second attempt fences the first and goes on where that was`, async () => {
    const run = "taken-over";
    const [first, second] = [target.sink(), target.sink()];
    const begun = await publishNext(first, run, await first.open(identityOf(run)));
    const found = await second.open(identityOf(run));
    assert.deepEqual(found, { ...begun, found: true });
    await assert.rejects(publishNext(first, run, begun), FencedError);
    await first.close();
    // The first one's last attempt has disturbed the second, which recovers.
    await publishNext(second, run, found);
    await second.close();
    await publish(target.sink(), run);
    await assertWhole(target, run);
  });

  test(`${target.name}: of attempts that start at the same instant one publishes`, async () => {
    const run = "together";
    const attempts = await Promise.allSettled(
      [1, 2, 3].map(() => publish(target.sink(), run)),
    );
    for (const attempt of attempts) {
      if (attempt.status === "rejected") assert.ok(attempt.reason instanceof FencedError);
    }
    assert.ok(attempts.some(({ status }) => status === "fulfilled"));
    await assertWhole(target, run);
  });

  test(`${target.name}: a completed run is found complete, and completed once`, async () => {
    const run = "complete";
    await publish(target.sink(), run);
    assert.equal((await publish(target.sink(), run)).row, ROWS);
    await assertWhole(target, run);
  });

  test(`${target.name}: progress of another manifest is refused`, async () => {
    const run = "other-manifest";
    const first = target.sink();
    await publishNext(first, run, await first.open(identityOf(run)));
    await first.close();
    const other = target.sink();
    await assert.rejects(
      other.open({ ...identityOf(run), manifest: "another" }),
      (error) => error instanceof UsageError && error.code === "publishing.other-manifest",
    );
    await other.close();
  });

  test(`${target.name}: progress that has vanished ends the run instead of repeating it`, async () => {
    const run = "vanished";
    const first = target.sink();
    await publishNext(first, run, await first.open(identityOf(run)));
    await first.close();
    await target.forget(run);
    // Twice: the refusal must not look like progress.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const sink = target.sink();
      await assert.rejects(
        sink.open(identityOf(run), { started: true }),
        (error) =>
          error instanceof DependencyError && error.code === "publishing.progress-vanished",
      );
      await sink.close();
    }
  });

  test(`${target.name}: rows that do not add up are a bug, and not published`, async () => {
    const sink = target.sink();
    await sink.open(identityOf("odd"));
    const progress = { row: 1, accepted: 1, dead: 0, done: false };
    await assert.rejects(sink.publish({ messages: NONE, deadLetters: NONE, progress }), RangeError);
    await sink.close();
  });
}

test("kafkaSink(): Kafka's own tools show the progress", async () => {
  const run = "shown";
  const sink = kafka.sink();
  const { row } = await publishNext(sink, run, await sink.open(identityOf(run)));
  await sink.close();
  const line = (await describeGroup(shardId(identityOf(run)))).split("\n")
    .find((line) => line.startsWith(shardId(identityOf(run))) && line.includes(topic));
  assert.deepEqual(line?.split(/\s+/).slice(1, 4), [topic, "0", `${row}`]);
});

test("kafkaSink(): needs the documented rights and no more", async () => {
  const mine = `granted-${crypto.randomUUID()}`;
  await makeTopics(mine);
  await revokeAll();
  const scorer = { username: "scorer", password: "scorer-secret" };
  const sink = () =>
    kafkaSink({
      connection: {
        bootstrapServers: KAFKA.saslSsl,
        securityProtocol: "SASL_SSL",
        sasl: { mechanism: "SCRAM-SHA-512", ...scorer },
        caFile: KAFKA.ca,
      },
      topic: mine,
      log: silentLog,
    });
  await assertFails(sink(), "kafka.unauthorised");
  await grant("topic", mine, ["DESCRIBE"]);
  await assertFails(sink(), "kafka.unauthorised");
  await grant("topic", mine, ["WRITE", "READ"]);
  await grant("transactional-id", "test.publishing.", ["DESCRIBE", "WRITE"]);
  await assertFails(sink(), "kafka.unauthorised");
  await grant("group", "test.publishing.", ["DESCRIBE", "READ"]);
  await publish(sink(), "granted");
  const read = (await readCommitted(mine)).filter(({ value }) => value.includes("prediction"));
  assert.deepEqual(rowsOf("granted", read), EXPECTED.rows);
});

test("kafkaSink(): what is wrong with the connection is said, each in its way", async () => {
  const sink = (connection: Parameters<typeof kafkaSink>[0]["connection"], name = topic) =>
    kafkaSink({ connection, topic: name, log: silentLog });
  const sasl = { mechanism: "SCRAM-SHA-256", username: "admin", password: "admin-secret" } as const;
  const saslServers = { bootstrapServers: KAFKA.sasl, securityProtocol: "SASL_PLAINTEXT" } as const;
  const tlsServers = {
    bootstrapServers: KAFKA.saslSsl,
    securityProtocol: "SASL_SSL",
    sasl,
  } as const;
  const wrongPassword = { ...saslServers, sasl: { ...sasl, password: "wrong" } };
  await Promise.all([
    assertFails(sink({ bootstrapServers: `127.0.0.1:${unusedPort()}` }), "kafka.unreachable"),
    assertFails(sink({ bootstrapServers: "no-such-host.invalid:9092" }), "kafka.unreachable"),
    assertFails(sink({ ...LOCAL, securityProtocol: "SSL" }), "kafka.unreachable"),
    assertFails(sink(tlsServers), "kafka.tls"),
    assertFails(sink(wrongPassword), "kafka.unauthorised"),
    assertFails(sink(LOCAL, "no-such-topic"), "kafka.topic-missing"),
  ]);
  await assert.rejects(sink(saslServers).open(identityOf("x")), UsageError);
  const noCertificate = sink({ ...tlsServers, caFile: "deno.json" });
  await assert.rejects(noCertificate.open(identityOf("x")), /no certificate in it/);
  await assert.rejects(sink({ bootstrapServers: "localhost" }).open(identityOf("x")), UsageError);
});

test("kafkaSink(): a record that the broker does not take ends the run at once, and nothing of it is visible", async () => {
  const run = "too-large";
  const sink = kafka.sink();
  const { manifest } = identityOf(run);
  await sink.open(identityOf(run));
  const value = JSON.stringify({ run_id: run, text: "x".repeat(2_000_000) });
  const messages = [{ key: "k", value, headers: {} }];
  const progress = { row: 1, accepted: 1, dead: 0, done: false };
  await assert.rejects(
    sink.publish({ messages: PackedMessages.of(messages), deadLetters: NONE, progress }),
    (error) =>
      error instanceof DependencyError && error.code === "kafka.record-too-large" &&
      /largest .* has 20000\d\d bytes, and the key "k"/.test(error.message),
  );
  await sink.close();
  const again = kafka.sink();
  assert.equal((await again.open({ ...identityOf(run), manifest })).row, 0);
  await again.close();
});

test("kafkaSink(): brokers that stay away end the run, resumable", async () => {
  const run = "away";
  const proxy = startProxy(KAFKA.bootstrapServers, undefined, () => {});
  const sink = throughProxy(proxy, 1_000);
  const begun = await publishNext(sink, run, await sink.open(identityOf(run)));
  await proxy[Symbol.asyncDispose]();
  await assert.rejects(
    publishNext(sink, run, begun),
    (error) => error instanceof DependencyError && error.code === "kafka.publish-failed",
  );
  await sink.close();
  await publish(kafka.sink(), run);
  await assertWhole(kafka, run);
});

test("kafkaSink(): told to stop, it does not wait for brokers that are away", async () => {
  const run = "stopped";
  const proxy = startProxy(KAFKA.bootstrapServers, undefined, () => {});
  const stop = new AbortController();
  const sink = kafkaSink({
    connection: { bootstrapServers: proxy.bootstrapServers },
    topic,
    log: { ...silentLog, warn: () => stop.abort(new StoppedError("SIGTERM")) },
    patience: 3_600_000,
    signal: stop.signal,
  });
  const begun = await publishNext(sink, run, await sink.open(identityOf(run)));
  await proxy[Symbol.asyncDispose]();
  await assert.rejects(publishNext(sink, run, begun), StoppedError);
  await assert.rejects(sink.prepare(), StoppedError);
  await sink.close();
  await publish(kafka.sink(), run);
  await assertWhole(kafka, run);
});

async function publish(sink: Sink, run: string, rows?: number): ReturnType<typeof publishRun> {
  try {
    return await publishRun(sink, run, rows);
  } finally {
    await sink.close();
  }
}

/** Every row of the runs exactly once, in order per key, and one record of completion. */
async function assertWhole(target: Target, ...runs: string[]): Promise<void> {
  const { messages, deadLetters, runs: completed } = await target.read(runs[0] ?? "");
  for (const run of runs) {
    assert.deepEqual(rowsOf(run, messages), EXPECTED.rows, run);
    assert.deepEqual(deadRowsOf(run, deadLetters), EXPECTED.deadRows, run);
    assert.deepEqual(disorderedKeys(run, messages), [], run);
    const records = completed.map(({ value }) => JSON.parse(value))
      .filter((record) => record.run_id === run);
    assert.equal(records.length, 1, run);
    assert.equal(records[0].accepted + records[0].dead, ROWS);
  }
}

async function assertFails(sink: Sink, code: string): Promise<void> {
  try {
    await assert.rejects(publishRun(sink, "granted"), (error) => {
      assert.ok(error instanceof DependencyError, `${error}`);
      assert.equal(error.code, code, error.message);
      return true;
    });
  } finally {
    await sink.close();
  }
}

/** Each request of a transaction of the run, and of its start; all of them in the long tests. */
function faults(): Fault[] {
  const requests = Object.keys(REQUESTS) as Request[];
  const nths = Deno.env.has("ML_TEST_EXTENDED") ? [1, 2, 3, 4, 5] : [2];
  const all = requests.flatMap((request) =>
    (request === "InitProducerId" ? [1] : nths).flatMap((nth) =>
      (["before", "after"] as const).map((when) => ({ request, nth, when }))
    )
  );
  return all;
}

function runName(what: string, { request, nth, when }: Fault): string {
  return `${what}-${when}-${request}-${nth}`;
}

function throughProxy(proxy: Proxy, patience = 60_000): Sink {
  const connection = { bootstrapServers: proxy.bootstrapServers };
  return kafkaSink({ connection, topic, log: silentLog, patience });
}

function startChild(script: string, args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", new URL(`publishing/${script}`, import.meta.url).href, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

async function runChild(
  script: string,
  args: readonly string[],
): Promise<{ stdout: string; signal: Deno.Signal | null }> {
  const { stdout, signal } = await startChild(script, args).output();
  return { stdout: new TextDecoder().decode(stdout), signal };
}

async function readFolder(path: string): Promise<Read[]> {
  const names = (await Array.fromAsync(Deno.readDir(path)))
    .filter(({ isFile, name }) => isFile && name.endsWith(".ndjson"))
    .map(({ name }) => name).sort();
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(`${path}/${name}`)));
  return texts.join("").split("\n").filter((line) => line !== "").map((line) => {
    const { key, value } = JSON.parse(line);
    return { key, value: JSON.stringify(value) };
  });
}

function unusedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
