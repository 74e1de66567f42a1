import assert from "node:assert/strict";
import { DependencyError } from "../errors.ts";
import { brokerErrorType, permanentFailure } from "./failures.ts";

const ATTEMPTED = { cannot: "publish", topic: "t", client: client() };

Deno.test("permanentFailure() sees the broker's answer through the client's wrappers", () => {
  for (
    const [type, code] of [
      ["TOPIC_AUTHORIZATION_FAILED", "kafka.unauthorised"],
      ["TRANSACTIONAL_ID_AUTHORIZATION_FAILED", "kafka.unauthorised"],
      ["MESSAGE_TOO_LARGE", "kafka.record-too-large"],
      ["INVALID_TRANSACTION_TIMEOUT", "kafka.refused"],
      ["UNSTABLE_OFFSET_COMMIT", "kafka.transaction-hanging"],
    ] as const
  ) {
    const failure = permanentFailure(wrapped(type), ATTEMPTED);
    assert.ok(failure instanceof DependencyError);
    assert.equal(failure.code, code);
    assert.equal(failure.place.topic, "t");
  }
});

Deno.test("permanentFailure() leaves alone what trying again can mend", () => {
  for (
    const type of [
      "INVALID_PRODUCER_EPOCH",
      "CONCURRENT_TRANSACTIONS",
      "NOT_LEADER_FOR_PARTITION",
      "UNKNOWN_TOPIC_OR_PARTITION",
      "",
    ]
  ) {
    assert.equal(permanentFailure(wrapped(type), ATTEMPTED), undefined, type);
  }
  assert.equal(permanentFailure("text", ATTEMPTED), undefined);
});

Deno.test("brokerErrorType() is the innermost one", () => {
  assert.equal(brokerErrorType(wrapped("CONCURRENT_TRANSACTIONS")), "CONCURRENT_TRANSACTIONS");
  assert.equal(brokerErrorType(undefined), "");
});

Deno.test("permanentFailure() asks the client what kafkajs hides about coordinators", () => {
  const hiding = Object.assign(new Error("not found"), { name: "KafkaJSGroupCoordinatorNotFound" });
  assert.equal(permanentFailure(hiding, ATTEMPTED), undefined);
  const refusal = wrapped("GROUP_AUTHORIZATION_FAILED");
  const failure = permanentFailure(hiding, { ...ATTEMPTED, client: client(refusal) });
  assert.equal(failure?.code, "kafka.unauthorised");
});

function client(refusal?: Error) {
  return {
    connection: { bootstrapServers: "b:9092" },
    refusal: () => refusal,
    trouble: () => undefined,
  };
}

function wrapped(type: string): Error {
  const inner = Object.assign(new Error("inner"), { type, name: "KafkaJSProtocolError" });
  return new Error("retries exceeded", { cause: new Error("bail", { cause: inner }) });
}
