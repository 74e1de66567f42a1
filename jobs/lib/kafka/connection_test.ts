import assert from "node:assert/strict";
import { UsageError } from "../errors.ts";
import { connectionSettings } from "./connection.ts";

Deno.test("connectionSettings() takes servers apart, and refuses what is none", async () => {
  const { brokers } = await connectionSettings({ bootstrapServers: "a:9092, b-1.c.d:65535" });
  assert.deepEqual(brokers, ["a:9092", "b-1.c.d:65535"]);
  for (
    const wrong of ["a", "a:", ":9092", "a:0", "a:65536", "a:9092,", "https://a:9092", "a b:1"]
  ) {
    await assert.rejects(
      connectionSettings({ bootstrapServers: wrong }),
      (error) => error instanceof UsageError && error.code === "kafka.bootstrap-servers",
      wrong,
    );
  }
});
