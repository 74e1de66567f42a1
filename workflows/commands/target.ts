import { UsageError } from "../../jobs/lib/errors.ts";
import {
  type Aws,
  type ExecutionName,
  findExecution,
  openAws,
  parseExecutionArn,
  pipelineName,
} from "../executions/mod.ts";

/** What names an execution on the command line. */
export interface Target {
  readonly execution: string;
  readonly environment: string | undefined;
  readonly region: string | undefined;
}

/** Works with AWS, and lets go of it in the end. */
export async function withAws<T>(
  region: string | undefined,
  work: (aws: Aws) => Promise<T>,
): Promise<T> {
  const aws = await openAws({ region });
  try {
    return await work(aws);
  } finally {
    aws.close();
  }
}

/** Finds the execution that is meant and works with it, in its region. */
export async function withExecution<T>(
  { execution, environment, region }: Target,
  work: (aws: Aws, execution: ExecutionName) => Promise<T>,
): Promise<T> {
  const named = parseExecutionArn(execution);
  if (named !== undefined) return await withAws(named.region, (aws) => work(aws, named));
  if (execution !== "training" && execution !== "inference") {
    return await withAws(region, async (aws) => {
      return await work(aws, await findExecution(aws, { arn: execution }));
    });
  }
  if (environment === undefined) {
    throw new UsageError({
      code: "config.invalid",
      cannot: `find the newest execution of ${execution}`,
      found: "nothing says of which environment",
      todo: "Give --environment, or the ARN of an execution",
      place: { option: "--environment" },
    });
  }
  return await withAws(region, async (aws) => {
    const pipeline = pipelineName(environment, execution);
    return await work(aws, await findExecution(aws, { pipeline }));
  });
}
