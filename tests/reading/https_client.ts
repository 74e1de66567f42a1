/**
 * Reads what it is told and prints a line of JSON for each: a hash of all values, or what went wrong. In
 * a process of its own, which trusts an authority from its start on: https_client.ts [COLUMN,…] URI …
 *
 * @module
 */
import { createHash } from "node:crypto";
import { keysOf, openDataset, readTable } from "../../jobs/lib/dataset/mod.ts";
import { PlatformError } from "../../jobs/lib/errors.ts";

const [columns = "", ...uris] = Deno.args;
for (const uri of uris) {
  // deno-lint-ignore no-console
  console.log(JSON.stringify(await read(uri)));
}

async function read(uri: string): Promise<Record<string, unknown>> {
  try {
    const dataset = await openDataset(uri);
    const names = columns === "" ? dataset.fields.map(({ name }) => name) : columns.split(",");
    const table = await readTable(dataset, names);
    const hash = createHash("sha256");
    for (const name of names) hash.update(JSON.stringify(keysOf(table, name)));
    return { rows: table.rows, hash: hash.digest("hex") };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { code: error.code, exit: error.exitCode, message: error.message };
  }
}
