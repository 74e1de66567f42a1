import assert from "node:assert/strict";
import { batchOf } from "./batch_of.ts";
import type { Dataset, ReadOptions } from "./column.ts";
import { DataError, type Place } from "../errors.ts";
import { Problems } from "./problems.ts";
import { readableBatches } from "./readable.ts";
import { readTable } from "./table.ts";

const wrong = (found: string, place: Place) =>
  new DataError({ code: "data.corrupt", cannot: "read it", found, todo: "Write it again", place });

/** Files of one row each, of which some cannot be read. */
function datasetOf(
  names: readonly string[],
  bad: (file: string) => DataError | undefined,
): Dataset {
  const files = names.map((path) => ({ path, rows: 1, bytes: 1 }));
  return {
    uri: "folder",
    files,
    rows: files.length,
    fields: [{ name: "x", kind: "number", type: "double" }],
    unsupported: [],
    async *batches({ files: wanted = names }: ReadOptions = {}) {
      for (const file of wanted) {
        const error = await Promise.resolve(bad(file));
        if (error !== undefined) throw error;
        yield { ...batchOf({ x: [Number(file)] }), file };
      }
    },
  };
}

Deno.test("readableBatches() reads on behind files that cannot be read, and tells of them all", async () => {
  const dataset = datasetOf(
    ["1", "2", "3", "4"],
    (file) => Number(file) % 2 === 0 ? wrong("damaged", { file }) : undefined,
  );
  const problems = new Problems();
  const batches = await Array.fromAsync(readableBatches(dataset, problems));
  assert.deepEqual(batches.map(({ file }) => file), ["1", "3"]);
  assert.deepEqual(problems.found.map(({ place }) => place.file), ["2", "4"]);
  await assert.rejects(readTable(dataset), {
    code: "data.corrupt",
    message: "Cannot read folder: 2 things are wrong: 2: damaged; 4: damaged. Write it again.",
  });
});

Deno.test("readableBatches() ends where nobody would read on, and with what is no file's fault", async () => {
  const names = Array.from({ length: 100 }, (_, i) => `${i}`);
  let opened = 0;
  const broken = datasetOf(names, (file) => (opened++, wrong("damaged", { file })));
  await assert.rejects(readTable(broken), { message: /20 things and perhaps more/ });
  assert.equal(opened, 20);
  const asked = datasetOf(names, () => wrong("there is no column z", { column: "z" }));
  await assert.rejects(readTable(asked), {
    message: "Cannot read it: there is no column z. Write it again.",
  });
});
