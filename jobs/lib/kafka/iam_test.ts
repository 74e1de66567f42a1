import assert from "node:assert/strict";
import { regionOf } from "./iam.ts";

Deno.test("regionOf() reads the region from the names of MSK's brokers", () => {
  const provisioned = "b-1.demo.abc123.c2.kafka.eu-central-1.amazonaws.com:9098";
  assert.equal(
    regionOf(`${provisioned},b-2.demo.abc123.c2.kafka.eu-central-1.amazonaws.com:9098`),
    "eu-central-1",
  );
  assert.equal(regionOf("boot-x.c1.kafka-serverless.us-east-1.amazonaws.com:9098"), "us-east-1");
});
