/** Reads a parquet file to typed columns, batch by batch: `FILE`. */
import { openDataset } from "../../jobs/lib/dataset/mod.ts";
import { print } from "../../scripts/services/output.ts";

const dataset = await openDataset(Deno.args[0] ?? "");
let rows = 0;
for await (const batch of dataset.batches()) rows += batch.rows;
print(JSON.stringify({ rows }));
