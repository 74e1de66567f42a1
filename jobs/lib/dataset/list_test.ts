import assert from "node:assert/strict";
import { folderOf } from "./list.ts";

Deno.test("folderOf() is what files are named below, wherever it is mounted", () => {
  assert.equal(folderOf("/opt/ml/input/data/train"), "/opt/ml/input/data/train/");
  assert.equal(folderOf("s3://b/data/"), "s3://b/data/");
  // Files of one name in several folders must stay apart: messages are named after them.
  assert.equal(folderOf("s3://b/data/2013-*/x.parquet"), "s3://b/data/");
  assert.equal(folderOf("file:///data/d%20e/"), "/data/d e/");
  assert.equal(folderOf("*.csv"), "");
  assert.equal(folderOf("./days"), "days/");
  assert.equal(folderOf("."), "");
  assert.equal(folderOf("https://host/a.csv?x=*"), "https://host/a.csv?x=*");
});
