import assert from "node:assert/strict";
import { aclCommand, grantsOf, iamPolicy } from "./grants.ts";

const GRANTS = grantsOf({
  topic: "flights",
  environment: "prod",
  pipeline: "inference",
  producer: "User:CN=scorer,O=we",
  consumer: "User:it's me",
  consumerGroups: "late-flights",
});

Deno.test("aclCommand() quotes what a shell would take apart", () => {
  const [first = { command: "" }] = GRANTS.consumer.map((grant) => ({
    command: aclCommand(grant, "b:9092"),
  }));
  assert.equal(
    first.command,
    "kafka-acls.sh --bootstrap-server b:9092 --add --allow-principal 'User:it'\\''s me' " +
      "--operation Read --operation Describe --topic flights --topic flights.dead-letter " +
      "--topic flights.runs",
  );
});

Deno.test("iamPolicy() names actions and resources as MSK does", () => {
  const policy = iamPolicy(GRANTS.producer, "arn:aws:kafka:eu-west-1:1:cluster/c/u-1");
  const [cluster, topics, deadLetters, ids, groups] = policy.Statement;
  assert.equal(policy.Statement.length, 5);
  assert.deepEqual(cluster?.Resource, ["arn:aws:kafka:eu-west-1:1:cluster/c/u-1"]);
  assert.ok(cluster?.Action.includes("kafka-cluster:WriteDataIdempotently"));
  assert.deepEqual(topics?.Resource, [
    "arn:aws:kafka:eu-west-1:1:topic/c/u-1/flights",
    "arn:aws:kafka:eu-west-1:1:topic/c/u-1/flights.runs",
  ]);
  assert.ok(!deadLetters?.Action.includes("kafka-cluster:ReadData"));
  assert.deepEqual(ids?.Resource, [
    "arn:aws:kafka:eu-west-1:1:transactional-id/c/u-1/prod.inference.*",
  ]);
  assert.deepEqual(groups?.Action, ["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"]);
  for (const { Action } of policy.Statement) {
    for (const action of Action) assert.doesNotMatch(action, /undefined/);
  }
  const reader = JSON.stringify(
    iamPolicy(GRANTS.consumer, "arn:aws:kafka:eu-west-1:1:cluster/c/u"),
  );
  assert.doesNotMatch(reader, /Write/);
});
