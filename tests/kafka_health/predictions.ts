/** Models and their predictions, made by the commands as users do. */
import assert from "node:assert/strict";
import { task } from "../job/task.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";
import type { User } from "./users.ts";

/** Which target: of a classification or of a regression. */
export type Kind = "classes" | "values";

/** Trains a small model into `folder/kind`. */
export async function train(folder: string, kind: Kind): Promise<void> {
  const target = kind === "classes"
    ? ["--label=late", "--min-roc-auc=0"]
    : ["--label=distance", "--objective=regression", "--drop-columns=late"];
  const trained = await task("train", [
    "--train-data=examples/flights/train/2013-01.parquet",
    ...target,
    "--key-column=flight_id",
    "--n-estimators=3",
    "--max-depth=4",
    `--output=${folder}/${kind}`,
    `--tracking-uri=${folder}/mlruns`,
  ]);
  assert.equal(trained.code, 0, trained.log);
}

/** Scores a day to Kafka or, without a topic, to `folder/predictions`; how many rows there were. */
export async function score(
  folder: string,
  run: string,
  kind: Kind,
  kafka?: { topic: string; user: User; environment: string; supersedes?: string },
  keyColumn = "flight_id",
): Promise<number> {
  const scored = await task(
    "score",
    [
      "--data=examples/flights/score/day=2013-10-01",
      `--model-uri=${folder}/${kind}/model`,
      "--scheduled-time=2013-10-01T06:00:00Z",
      "--batch-size=300",
      `--key-column=${keyColumn}`,
      `--run-id=${run}`,
      `--run-state=${folder}/runs`,
      `--output=${folder}/predictions`,
      ...(kafka === undefined
        ? []
        : [`--kafka-output-topic=${kafka.topic}`, `--environment=${kafka.environment}`]),
      ...(kafka?.supersedes === undefined ? [] : [`--supersedes=${kafka.supersedes}`]),
    ],
    kafka === undefined ? {} : {
      KAFKA_BOOTSTRAP_SERVERS: KAFKA.sasl,
      KAFKA_SECURITY_PROTOCOL: "SASL_PLAINTEXT",
      KAFKA_SASL_USERNAME: kafka.user.username,
      KAFKA_SASL_PASSWORD: kafka.user.password,
    },
  );
  assert.equal(scored.code, 0, scored.log);
  return Number(scored.summary["rows"]);
}
