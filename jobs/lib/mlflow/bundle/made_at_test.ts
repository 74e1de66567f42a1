import assert from "node:assert/strict";
import { madeAt } from "./made_at.ts";

Deno.test("madeAt() reads the time that MLflow writes, in UTC, or none", () => {
  const files = (text: string) => [{ path: "MLmodel", bytes: new TextEncoder().encode(text) }];
  const time = "utc_time_created: '2013-01-01 05:00:00.500000'\n";
  assert.equal(madeAt(files(`flavors: {}\n${time}`))?.toISOString(), "2013-01-01T05:00:00.000Z");
  assert.equal(madeAt(files("flavors: {}\n")), undefined);
  assert.equal(madeAt([]), undefined);
});
