/**
 * Trainings of one model at the same time, each a process of its own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { provided } from "../job/task.ts";
import { EXTENDED, folder, train, unique } from "./place.ts";
import { survey } from "./survey.ts";

const STORES = { "a server": provided("ML_TEST_MLFLOW_URL"), "the file store": `${folder}/mlruns` };

for (const [where, trackingUri] of Object.entries(STORES)) {
  Deno.test(`trainings of one model at once make a version each and one champion: ${where}`, async () => {
    for (let round = 0; round < (EXTENDED ? 5 : 1); round++) {
      const model = unique("rivals");
      const rivals = Array.from({ length: EXTENDED ? 4 : 2 }, (_, i) => i + 1);
      // Another has been champion before, whose alias and stage both want.
      const versions = ["1", ...rivals.map((rival) => String(rival + 1))];
      const first = await train({ name: unique("out"), trackingUri, model, more: WEAK });
      assert.equal(first.code, 0, first.log);
      const results = await Promise.all(
        rivals.map((seed) => train({ name: unique("out"), trackingUri, model, seed })),
      );
      for (const { code, log } of results) assert.ok(code === 0 || code === 5, log);
      assert.deepEqual(
        results.map(({ summary }) => summary["version"]).sort(),
        versions.slice(1),
      );
      const { complaints, runs, models } = await survey(trackingUri);
      assert.deepEqual(complaints, []);
      const registered = models.find(({ name }) => name === model);
      assert.ok(registered);
      assert.deepEqual(registered.versions.map(({ version }) => version), versions);
      const { champion, challenger, ...others } = registered.aliases;
      assert.deepEqual(others, {});
      assert.ok(champion && versions.slice(1).includes(champion), "one of them beats the first");
      assert.ok(challenger && versions.slice(1).includes(challenger));
      for (const { version, stage, tags } of registered.versions) {
        assert.equal(stage === "Production", version === champion, `${version} is ${stage}`);
        assert.ok(!("promotion_turn" in tags), "it kept its turn");
        const told = results.find(({ summary }) => summary["version"] === version);
        // What each said of itself was true when it was said.
        if (told !== undefined) assert.equal(tags["promotion"], told.summary["status"]);
      }
      for (const { summary } of results) {
        const run = runs.find(({ id }) => id === summary["run_id"]);
        assert.deepEqual([run?.status, run?.models], ["FINISHED", ["model"]]);
      }
    }
  });
}

/** A model that is easily beaten. */
const WEAK = ["--n-estimators=1", "--max-depth=1"];
