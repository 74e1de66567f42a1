/**
 * Registers versions until it is stopped; two of these fight for the numbers.
 *
 * usage: writer.ts FOLDER MODEL RUN COUNT
 *
 * @module
 */

import { openStore } from "../../jobs/lib/mlflow/mod.ts";

const [trackingUri = "", name = "", runId = "", count = ""] = Deno.args;
const store = await openStore({ trackingUri });
const model = await store.loggedModel(runId, "model");
const encoder = new TextEncoder();
for (let i = 0; i < Number(count); i++) {
  const { version } = await store.register({ name, model, runId, tags: { a: "1", b: "2" } });
  await store.setAlias(name, "challenger", version);
  Deno.stdout.writeSync(encoder.encode(`${version}\n`));
}
