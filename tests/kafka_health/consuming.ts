/**
 * Consumers of others, and the schemas of what they get.
 *
 * @module
 */

import assert from "node:assert/strict";
import { grantsOf } from "../../jobs/lib/kafka/mod.ts";
import { makeTopics } from "../publishing/kafka_admin.ts";
import { readCommitted } from "../publishing/kafka_tools.ts";
import { countValid, javaConsumer, pythonConsumer, valuesIn } from "./consumers.ts";
import { monitorOnce } from "./observed.ts";
import { ID, test } from "./place.ts";
import { score, train } from "./predictions.ts";
import { makeUser, replaceGrants } from "./users.ts";

test("consumers in Python and Java get each run whole, in messages as documented", async (t) => {
  const folder = await Deno.makeTempDir();
  const topic = `consumed-${ID}`;
  const [scorer, reader] = [await makeUser(`scorer-${ID}`), await makeUser(`reader-${ID}`)];
  await makeTopics(topic);
  const { producer, consumer } = grantsOf({
    topic,
    environment: ID,
    pipeline: "inference",
    producer: `User:${scorer.username}`,
    consumer: `User:${reader.username}`,
    consumerGroups: topic,
  });
  await replaceGrants(`User:${scorer.username}`, producer);
  await replaceGrants(`User:${reader.username}`, consumer);
  for (const kind of ["classes", "values"] as const) await train(folder, kind);
  const toKafka = { topic, user: scorer, environment: ID };
  const rows = await score(folder, "day", "classes", toKafka);
  await score(folder, "values", "values");
  const messages: string[] = [];
  const assertRun = (lines: readonly string[], run: string) => {
    const values = lines.map((line) => JSON.parse(line));
    assert.ok(values.every(({ run_id }) => run_id === run));
    assert.equal(lines.length, rows);
    assert.equal(new Set(values.map(({ id }) => id)).size, rows);
  };

  const readers = { python: pythonConsumer, java: javaConsumer };
  await t.step("a run, each row once", async () => {
    const both = Object.entries(readers).map(([name, read]) =>
      read(topic, `${topic}.${name}`, reader)
    );
    for (const lines of await Promise.all(both)) {
      assertRun(lines, "day");
      messages.push(...lines);
    }
  });
  await t.step("monitor shows who has yet to read the next run, and both runs", async () => {
    await score(folder, "day.r2", "classes", { ...toKafka, supersedes: "day" });
    const { groups, runs } = await monitorOnce(topic);
    for (const name of Object.keys(readers)) {
      const lag = groups.find((one) => one.topic === topic && one.group === `${topic}.${name}`)
        ?.lag;
      // Beside the messages stand the markers of four transactions, and of the last one before.
      assert.ok(lag !== undefined && lag >= rows && lag <= rows + 5 * 3, `${lag}`);
    }
    assert.deepEqual(
      runs.map(({ run, rows, accepted, complete }) => [run, rows, accepted, complete]),
      ["day", "day.r2"].map((run) => [`${ID}.inference.${run}`, rows, rows, true]),
    );
  });
  await t.step("the next run, and nothing of the first again", async () => {
    assertRun(await pythonConsumer(topic, `${topic}.python`, reader), "day.r2");
  });
  await t.step(
    "a new group that finds both records first does not wait for the old run",
    async () => {
      const lines = await pythonConsumer(topic, `${topic}.late`, reader);
      assertRun(lines, JSON.parse(lines[0] ?? "{}").run_id);
    },
  );
  await t.step("every value of classifications and regressions fits the JSON Schema", async () => {
    const values = await valuesIn(`${folder}/predictions/values`);
    assert.equal(values.length, rows);
    const all = [...messages, ...values];
    assert.equal(await countValid(all), 3 * rows);
    const wrong = JSON.stringify({ ...JSON.parse(messages[0] ?? ""), probability: 1.5 });
    await assert.rejects(countValid([wrong]));
  });
  await t.step("so do records of completion, of topics and of files", async () => {
    const records = await readCommitted(`${topic}.runs`);
    assert.deepEqual(records.map(({ key }) => key).toSorted(), ["day", "day.r2"]);
    const file = JSON.parse(
      await Deno.readTextFile(`${folder}/predictions/values/_complete.json`),
    );
    const all = [...records.map(({ value }) => value), JSON.stringify(file)];
    assert.equal(await countValid(all, "completed-run"), 3);
    await assert.rejects(countValid([JSON.stringify({ ...file, rows: -1 })], "completed-run"));
  });
  await t.step("so do dead letters", async () => {
    // Not every plane is known.
    await score(folder, "dead", "classes", undefined, "engine");
    const letters = await valuesIn(`${folder}/predictions/dead/dead-letter`);
    assert.equal(await countValid(letters, "dead-letter"), letters.length);
    assert.ok(letters.length > 0 && letters.length < rows);
    const nameless = JSON.stringify({ ...JSON.parse(letters[0] ?? ""), id: 7 });
    await assert.rejects(countValid([nameless], "dead-letter"));
  });
  await Deno.remove(folder, { recursive: true });
});
