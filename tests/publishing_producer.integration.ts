/**
 * What the producer writes, where to and as whom; read back and compared with Java's clients.
 */
import assert from "node:assert/strict";
import { createTopics, type KafkaConnection, kafkaSink, shardId } from "../jobs/lib/kafka/mod.ts";
import { iamToken } from "../jobs/lib/kafka/iam.ts";
import { DependencyError } from "../jobs/lib/errors.ts";
import { silentLog } from "../jobs/lib/log.ts";
import { type Message, PackedMessages } from "../jobs/lib/publishing/mod.ts";
import { asAdmin, makeTopics } from "./publishing/kafka_admin.ts";
import { startProxy } from "./publishing/kafka_proxy.ts";
import { KAFKA, limitBytes, publishWithJava, readCommitted } from "./publishing/kafka_tools.ts";
import { EXPECTED, identityOf, publishNext, publishRun, rowsOf } from "./publishing/workload.ts";

const LOCAL = { bootstrapServers: KAFKA.bootstrapServers };

// kafkajs leaves timers of connections that were cut.
const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });

/** Keys of all lengths and scripts. */
const KEYS = Array.from(
  { length: 300 },
  (_, i) => `${i}-${"kéy鍵🔑 ".repeat(i % 7)}${"x".repeat(i % 13)}`,
);

for (const compression of ["none", "gzip", "zstd"] as const) {
  test(`kafkaSink() writes batches (${compression}) that Java reads, on the partitions Java takes`, async () => {
    const topic = newTopic();
    await makeTopics(topic);
    const messages: Message[] = KEYS.map((key, i) => ({
      key,
      value: JSON.stringify({ i, text: "ü".repeat(i * 10) }),
      headers: { "event-id": `é${i}`, "run-id": "r", "content-type": "application/json" },
    }));
    const sink = kafkaSink({ connection: LOCAL, topic, log: silentLog, compression });
    const { uri, partitions } = await sink.prepare();
    assert.match(uri, new RegExp(`^kafka://[\\w-]{22}/${topic}$`));
    assert.deepEqual(partitions, { [topic]: 3, [`${topic}.dead-letter`]: 3 });
    await sink.open(identityOf(topic));
    const progress = { row: 300, accepted: 300, dead: 0, done: true };
    await sink.publish({
      messages: PackedMessages.of(messages),
      deadLetters: PackedMessages.of([]),
      progress,
    });
    const { messages: count, transactions, errors } = sink.statistics();
    assert.deepEqual([count, transactions, errors], [300, 2, 0]);
    await sink.close();

    const read = await readCommitted(topic);
    const byKey = new Map(read.map((record) => [record.key, record]));
    assert.equal(read.length, messages.length);
    for (const { key, value, headers } of messages) {
      const record = byKey.get(key);
      assert.equal(record?.value, value);
      const expected = Object.entries(headers).map(([name, text]) => `${name}:${text}`).join(",");
      assert.equal(record?.headers, expected);
    }
    const java = newTopic();
    await makeTopics(java);
    await publishWithJava(java, KEYS);
    for (const { key, partition } of await readCommitted(java)) {
      assert.equal(byKey.get(key)?.partition, partition, key);
    }
  });
}

test("kafkaSink() splits what is larger than a batch may be", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  await setConfig(topic, "max.message.bytes", "20000");
  const sink = kafkaSink({ connection: LOCAL, topic, log: silentLog });
  await sink.open(identityOf(topic));
  const messages = KEYS.map((key) => ({ key: "one", value: key.padEnd(5_000), headers: {} }));
  const progress = { row: 300, accepted: 300, dead: 0, done: true };
  await sink.publish({
    messages: PackedMessages.of(messages),
    deadLetters: PackedMessages.of([]),
    progress,
  });
  await sink.close();
  const read = await readCommitted(topic);
  assert.deepEqual(read.map(({ value }) => value), messages.map(({ value }) => value));
});

test("kafkaSink() with OAUTHBEARER signs in again before its session ends", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  let tokens = 0;
  const connection: KafkaConnection = {
    bootstrapServers: KAFKA.sasl,
    securityProtocol: "SASL_PLAINTEXT",
    sasl: {
      mechanism: "OAUTHBEARER",
      username: "",
      password: "",
      token: () => {
        tokens++;
        return Promise.resolve(unsecuredToken("admin", 3_600));
      },
    },
  };
  const sink = kafkaSink({ connection, topic, log: silentLog });
  await sink.prepare();
  let progress = await publishNext(sink, topic, await sink.open(identityOf(topic)));
  const before = tokens;
  // The broker's sessions last 11 s, and kafkajs signs in again 10 s before the end.
  const end = Date.now() + 10_000;
  while (tokens === before && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 300));
    progress = await publishNext(sink, topic, progress, 1);
  }
  assert.ok(tokens > before);
  assert.equal(sink.statistics().errors, 0);
  await sink.close();

  const expired = {
    ...connection.sasl,
    token: () => Promise.resolve(unsecuredToken("admin", -60)),
  };
  const refused = kafkaSink({
    connection: {
      ...connection,
      sasl: { ...expired, mechanism: "OAUTHBEARER", username: "", password: "" },
    },
    topic,
    log: silentLog,
  });
  await assert.rejects(refused.prepare(), failure("kafka.unauthorised"));
});

test("kafkaSink() takes its credentials from AWS Secrets Manager", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  const endpoint = Deno.env.get("ML_TEST_S3") ?? "";
  for (
    const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    })
  ) Deno.env.set(name, value);
  const good = await makeSecret({ username: "admin", password: "admin-secret" });
  const bad = await makeSecret({ user: "admin" });
  const sinkWith = (secretArn: string) =>
    kafkaSink({
      connection: {
        bootstrapServers: KAFKA.sasl,
        securityProtocol: "SASL_PLAINTEXT",
        sasl: { mechanism: "SCRAM-SHA-512", username: "", password: "", secretArn },
      },
      topic,
      log: silentLog,
    });
  const sink = sinkWith(good);
  await publishRun(sink, topic);
  await sink.close();
  await assert.rejects(sinkWith(bad).prepare(), (error) => {
    assert.ok(failure("kafka.secret")(error));
    assert.ok(!`${error}`.includes('"admin"'));
    return true;
  });
  const missing = good.replace(/[^:]*$/, "no-such-secret");
  await assert.rejects(sinkWith(missing).prepare(), failure("kafka.secret"));
});

test("kafkaSink() with AWS_MSK_IAM presents a token that AWS's credentials have signed", async () => {
  for (
    const [name, value] of Object.entries({
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    })
  ) Deno.env.set(name, value);
  const token = new TextDecoder().decode(
    Uint8Array.fromBase64(await iamToken("eu-central-1"), { alphabet: "base64url" }),
  );
  const url = new URL(token);
  assert.equal(url.hostname, "kafka.eu-central-1.amazonaws.com");
  assert.equal(url.searchParams.get("Action"), "kafka-cluster:Connect");
  assert.match(
    url.searchParams.get("X-Amz-Credential") ?? "",
    /^test\/\d{8}\/eu-central-1\/kafka-cluster\//,
  );
  const connection: KafkaConnection = {
    bootstrapServers: KAFKA.sasl,
    securityProtocol: "SASL_PLAINTEXT",
    sasl: { mechanism: "AWS_MSK_IAM", username: "", password: "" },
  };
  const sink = kafkaSink({ connection, topic: newTopic(), log: silentLog });
  // A broker that is no MSK refuses it, at once.
  await assert.rejects(sink.prepare(), failure("kafka.unauthorised"));
  for (
    const [name, value] of Object.entries({
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    })
  ) Deno.env.set(name, value);
  await assert.rejects(sink.prepare(), failure("kafka.no-credentials"));
  const topics = { connection, topic: newTopic(), partitions: 1, replicationFactor: 1 };
  await assert.rejects(
    createTopics({ ...topics, log: silentLog }),
    failure("kafka.no-credentials"),
  );
});

test("kafkaSink() waits for a quota between transactions, and takes it for no error", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  await limitBytes(topic, 100_000);
  const connection = { ...LOCAL, clientId: topic };
  const sink = kafkaSink({ connection, topic, log: silentLog });
  let { row } = await sink.open(identityOf(topic));
  const started = Date.now();
  for (; row < 8; row++) {
    const messages = [{ key: `${row}`, value: "x".repeat(200_000), headers: {} }];
    const progress = { row: row + 1, accepted: row + 1, dead: 0, done: false };
    await sink.publish({
      messages: PackedMessages.of(messages),
      deadLetters: PackedMessages.of([]),
      progress,
    });
  }
  // Of 1.6 MB, the quota's window of 11 s lets 1.1 MB pass at once.
  assert.ok(Date.now() - started > 1_000);
  assert.equal(sink.statistics().errors, 0);
  await sink.close();
  assert.equal((await readCommitted(topic)).length, 8);
});

test("kafkaSink() refuses topics onto which nothing can be written", async () => {
  for (
    const [setting, value, code] of [
      ["min.insync.replicas", "2", "kafka.not-enough-replicas"],
      ["max.message.bytes", "1000", "kafka.message-limit"],
    ] as const
  ) {
    const topic = newTopic();
    await makeTopics(topic);
    await setConfig(topic, setting, value);
    const sink = kafkaSink({ connection: LOCAL, topic, log: silentLog });
    await assert.rejects(sink.prepare(), failure(code));
  }
});

test("kafkaSink() says that its progress stays undecided, and goes on once it is decided", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  const begun = kafkaSink({ connection: LOCAL, topic, log: silentLog });
  await publishNext(begun, topic, await begun.open(identityOf(topic)));
  await begun.close();
  // As a transaction looks of whose end the brokers have not told each other.
  const { Kafka, logLevel } = await import("kafkajs");
  const kafka = new Kafka({ brokers: [KAFKA.bootstrapServers], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ transactionalId: `${topic}-hanging`, maxInFlightRequests: 1 });
  await producer.connect();
  const hanging = await producer.transaction();
  await hanging.sendOffsets({
    consumerGroupId: shardId(identityOf(topic)),
    topics: [{ topic, partitions: [{ partition: 0, offset: "1" }] }],
  });
  const timeouts = { wait: 500 };
  const waiting = kafkaSink({ connection: LOCAL, topic, log: silentLog, timeouts });
  await assert.rejects(waiting.open(identityOf(topic)), failure("kafka.transaction-hanging"));
  await waiting.close();
  await hanging.abort();
  await producer.disconnect();
  const sink = kafkaSink({ connection: LOCAL, topic, log: silentLog });
  await publishRun(sink, topic);
  await sink.close();
  assert.deepEqual(
    rowsOf(
      topic,
      (await readCommitted(topic)).filter(({ value }) => value.includes("prediction")),
    ),
    EXPECTED.rows,
  );
});

test("kafkaSink() does not go on when a topic gets more partitions in the middle of a run", async () => {
  const topic = newTopic();
  await makeTopics(topic);
  await using proxy = startProxy(
    KAFKA.bootstrapServers,
    { request: "EndTxn", nth: 3, when: "before" },
    () => {},
  );
  const connection = { bootstrapServers: proxy.bootstrapServers };
  const sink = kafkaSink({ connection, topic, log: silentLog });
  const begun = await publishNext(sink, topic, await sink.open(identityOf(topic)));
  await asAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 4 }] }));
  await assert.rejects(publishNext(sink, topic, begun), failure("kafka.partitions-changed"));
  await sink.close();
});

function newTopic(): string {
  return `producer-${crypto.randomUUID()}`;
}

function failure(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DependencyError, `${error}`);
    assert.equal(error.code, code, error.message);
    return true;
  };
}

async function setConfig(topic: string, name: string, value: string): Promise<void> {
  const { ConfigResourceTypes } = await import("kafkajs");
  await asAdmin((admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [{
        type: ConfigResourceTypes.TOPIC,
        name: topic,
        configEntries: [{ name, value }],
      }],
    })
  );
}

/** As Kafka's unsecured validator takes it: for tests only. */
function unsecuredToken(subject: string, seconds: number): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) =>
    btoa(JSON.stringify(value)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return `${part({ alg: "none" })}.${part({ sub: subject, iat: now - 120, exp: now + seconds })}.`;
}

async function makeSecret(content: object): Promise<string> {
  const { CreateSecretCommand, SecretsManagerClient } = await import(
    "@aws-sdk/client-secrets-manager"
  );
  const client = new SecretsManagerClient({ region: "eu-central-1" });
  const { ARN = "" } = await client.send(
    new CreateSecretCommand({
      Name: `kafka-${crypto.randomUUID()}`,
      SecretString: JSON.stringify(content),
    }),
  );
  client.destroy();
  return ARN;
}
