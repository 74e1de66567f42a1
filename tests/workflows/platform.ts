/**
 * A platform to deploy to: SageMaker as a double whose pipelines put their answers on the double of S3.
 *
 * @module
 */
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Double, Execution } from "../executions/double.ts";
import { definition, deployed } from "../executions/stories.ts";
import { s3 } from "./repository.ts";

/** What the pipelines answer. */
export interface Answers {
  readonly accuracy?: number;
  readonly accepted?: number;
  /** A pipeline that fails: the end of its name. */
  readonly fails?: string;
  /** Told of each start, before it ends. */
  readonly onStart?: (execution: Execution) => void;
}

const ACCOUNT = "123456789012";

/** Both environments' pipelines; by default they give the right answers. */
export async function platform(answers: Answers = {}): Promise<Double> {
  const { accuracy = 0.898, accepted = 1000, fails, onStart } = answers;
  for (const environment of ["staging", "prod"]) {
    for (const use of ["data", "artifacts"]) await makeBucket(environment, use);
  }
  const aws = deployed();
  for (const type of ["training", "inference"] as const) {
    aws.pipelines.set(`ml-platform-prod-${type}`, definition(type));
  }
  aws.onStart = (execution) => {
    onStart?.(execution);
    const { script, arn, pipeline, parameters } = execution;
    const [, environment = "", type = ""] = /-(staging|prod)-(\w+)$/.exec(pipeline) ?? [];
    if (fails !== undefined && pipeline.endsWith(fails)) {
      script.push((one) => {
        one.status = "Failed";
        one.reason = "the new image does not start";
      });
      return;
    }
    const run = parameters.find(({ Name }) => Name === "RunId")?.Value;
    const [key, answer] = type === "training"
      ? [`evaluation/${arn.split("/").at(-1)}/evaluation.json`, { metrics: { accuracy } }]
      : [`runs/${run}/complete.json`, { accepted, dead: 0 }];
    const written = put(environment, key, JSON.stringify(answer));
    const end = (one: Execution) => {
      // It has not ended before its answer is there.
      one.script.push(end);
      void written.then(() => {
        one.script.length = 0;
        one.status = "Succeeded";
      });
    };
    script.push(end);
  };
  return aws;
}

async function makeBucket(environment: string, use: string): Promise<void> {
  const Bucket = `ml-platform-${environment}-${use}-${ACCOUNT}`;
  await s3((client) => client.send(new CreateBucketCommand({ Bucket })));
}

async function put(environment: string, Key: string, Body: string): Promise<void> {
  const Bucket = `ml-platform-${environment}-artifacts-${ACCOUNT}`;
  await s3((client) => client.send(new PutObjectCommand({ Bucket, Key, Body })));
}
