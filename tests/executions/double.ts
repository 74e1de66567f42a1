/**
 * A double of the calls of SageMaker's API that follow executions, and of CloudWatch's logs: for those
 * that moto has not, and for refusals, throttling and paging that nobody can order from AWS.
 *
 * Faithful to the API reference where our commands rely on it: tokens are checked and make a start
 * happen once, lists are cut into pages, a selection has to be of steps that the definition has and of
 * an execution that ended, what runs cannot be retried.
 *
 * @module
 */

/** A step as ListPipelineExecutionSteps gives it. */
export type Step = Record<string, unknown> & { StepName: string; StepStatus: string };

/** An execution while it lasts. */
export interface Execution {
  readonly arn: string;
  readonly pipeline: string;
  status: string;
  reason?: string;
  readonly parameters: { Name: string; Value: string }[];
  readonly started: number;
  readonly selection?: {
    SourcePipelineExecutionArn: string;
    SelectedSteps: { StepName: string }[];
  };
  steps: Step[];
  /** What each look at it changes, in turn. */
  readonly script: ((execution: Execution) => void)[];
}

/** An error in the form of AWS's JSON protocol. */
export interface Refusal {
  readonly type: string;
  readonly message: string;
  readonly status?: number;
}

type Input = Record<string, unknown>;

const ACCOUNT = "arn:aws:sagemaker:eu-west-1:123456789012";
const PAGE = 2;

/** The double; give its `env` to what shall call it. */
export class Double {
  /** Definitions by the name of their pipeline. */
  readonly pipelines = new Map<string, string>();
  readonly executions: Execution[] = [];
  readonly jobs = new Map<string, Input>();
  readonly logs = new Map<string, string[]>();
  /** Every call in turn: its name and what it said. */
  readonly calls: { action: string; input: Input }[] = [];
  /** Refusals that come instead of answers, by the name of the call. */
  readonly refusals = new Map<string, Refusal[]>();
  /** What becomes of an execution that starts. */
  onStart: (execution: Execution) => void = () => {};
  /** Most executions that ran at the same time. */
  busiest = 0;
  readonly #tokens = new Map<string, string>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Answers at once. */
  constructor() {
    this.#server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** What leads the AWS SDK here. */
  get env(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.#server.addr.port}`,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_MAX_ATTEMPTS: "3",
    };
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** An execution that is there already. */
  add(pipeline: string, given: Partial<Execution> = {}): Execution {
    const execution: Execution = {
      arn: `${ACCOUNT}:pipeline/${pipeline}/execution/x${this.executions.length}`,
      pipeline,
      status: "Executing",
      parameters: [],
      started: 1_700_000_000 + this.executions.length,
      steps: [],
      script: [],
      ...given,
    };
    this.executions.push(execution);
    const busy = this.executions.filter(({ status }) => status === "Executing").length;
    this.busiest = Math.max(this.busiest, busy);
    return execution;
  }

  /** Inputs of all calls of a name. */
  inputs(action: string): Input[] {
    return this.calls.filter((call) => call.action === action).map(({ input }) => input);
  }

  async #answer(request: Request): Promise<Response> {
    const action = request.headers.get("x-amz-target")?.split(".")[1] ?? "";
    const input = await request.json() as Input;
    this.calls.push({ action, input });
    const refusal = this.refusals.get(action)?.shift();
    try {
      if (refusal !== undefined) throw refusal;
      const body = this.#handle(action, input);
      return Response.json(body, { headers: { "content-type": "application/x-amz-json-1.1" } });
    } catch (error) {
      if (error instanceof Error) throw error;
      const { type, message, status = 400 } = error as Refusal;
      return Response.json({ __type: type, message }, { status });
    }
  }

  #handle(action: string, input: Input): unknown {
    switch (action) {
      case "DescribePipeline":
        return { PipelineDefinition: this.#definition(String(input["PipelineName"])) };
      case "StartPipelineExecution":
        return { PipelineExecutionArn: this.#start(input) };
      case "RetryPipelineExecution":
        return { PipelineExecutionArn: this.#retry(input) };
      case "StopPipelineExecution": {
        const execution = this.#find(input);
        if (execution.status !== "Executing") throw conflict("Only what runs can be stopped");
        execution.status = "Stopping";
        execution.script.splice(0, Infinity, () => {}, (one) => one.status = "Stopped");
        return { PipelineExecutionArn: execution.arn };
      }
      case "DescribePipelineExecution": {
        const execution = this.#find(input);
        execution.script.shift()?.(execution);
        return {
          PipelineExecutionArn: execution.arn,
          PipelineExecutionStatus: execution.status,
          FailureReason: execution.reason,
          CreationTime: execution.started,
          LastModifiedTime: execution.started + 600,
          SelectiveExecutionConfig: execution.selection,
        };
      }
      case "DescribePipelineDefinitionForExecution":
        return { PipelineDefinition: this.#definition(this.#find(input).pipeline) };
      case "ListPipelineExecutionSteps":
        return page(this.#find(input).steps, input, "PipelineExecutionSteps");
      case "ListPipelineParametersForExecution":
        return page(this.#find(input).parameters, input, "PipelineParameters");
      case "ListPipelineExecutions":
        this.#definition(String(input["PipelineName"]));
        return page(
          this.executions.filter(({ pipeline }) => pipeline === input["PipelineName"]).toReversed()
            .map(({ arn, status, started, reason }) => ({
              PipelineExecutionArn: arn,
              PipelineExecutionStatus: status,
              StartTime: started,
              PipelineExecutionFailureReason: reason,
            })),
          input,
          "PipelineExecutionSummaries",
        );
      case "DescribeProcessingJob":
        return this.#job(input["ProcessingJobName"]);
      case "DescribeTrainingJob":
        return this.#job(input["TrainingJobName"]);
      case "DescribeLogStreams": {
        const prefix = String(input["logStreamNamePrefix"]);
        const names = [...this.logs.keys()].filter((name) => name.startsWith(prefix));
        return { logStreams: names.map((logStreamName) => ({ logStreamName })) };
      }
      case "GetLogEvents":
        return this.#events(input);
      default:
        throw { type: "UnknownOperationException", message: action };
    }
  }

  #start(input: Input): string {
    const token = this.#token(input);
    const pipeline = String(input["PipelineName"]);
    const definition = JSON.parse(this.#definition(pipeline));
    const known = this.#tokens.get(token);
    if (known !== undefined) return known;
    const selection = input["SelectiveExecutionConfig"] as Execution["selection"];
    if (selection !== undefined) {
      const source = this.#find({ PipelineExecutionArn: selection.SourcePipelineExecutionArn });
      if (!["Failed", "Succeeded"].includes(source.status)) {
        throw invalid("The reference execution must be Failed or Success");
      }
      const names = new Set(JSON.stringify(definition).match(/(?<="Name":")[^"]+(?=","Type")/g));
      for (const { StepName } of selection.SelectedSteps) {
        if (!names.has(StepName)) throw invalid(`Step ${StepName} does not exist in the pipeline`);
      }
    }
    const execution = this.add(pipeline, {
      parameters: (input["PipelineParameters"] ?? []) as Execution["parameters"],
      ...(selection === undefined ? {} : { selection }),
    });
    this.#tokens.set(token, execution.arn);
    this.onStart(execution);
    return execution.arn;
  }

  #retry(input: Input): string {
    this.#token(input);
    const execution = this.#find(input);
    if (!["Failed", "Stopped"].includes(execution.status)) throw conflict("It cannot be retried");
    execution.status = "Executing";
    this.onStart(execution);
    return execution.arn;
  }

  #token(input: Input): string {
    const token = String(input["ClientRequestToken"]);
    if (token.length >= 32 && token.length <= 128) return token;
    throw invalid("Value at 'clientRequestToken' failed to satisfy constraint: length 32 to 128");
  }

  #definition(pipeline: string): string {
    const found = this.pipelines.get(pipeline);
    if (found !== undefined) return found;
    throw { type: "ResourceNotFound", message: `Pipeline '${pipeline}' does not exist.` };
  }

  #find(input: Input): Execution {
    const arn = input["PipelineExecutionArn"];
    const found = this.executions.find((execution) => execution.arn === arn);
    if (found !== undefined) return found;
    throw { type: "ResourceNotFound", message: `Pipeline execution '${arn}' does not exist.` };
  }

  #job(name: unknown): Input {
    const job = this.jobs.get(String(name));
    if (job !== undefined) return job;
    throw invalid(`Could not find requested job with name: ${name}`);
  }

  #events(input: Input): unknown {
    const lines = this.logs.get(String(input["logStreamName"])) ?? [];
    const events = lines.map((message, index) => ({
      timestamp: (1_700_000_000 + index) * 1000,
      message,
    }));
    if (input["startFromHead"] === false) return { events: events.slice(-Number(input["limit"])) };
    const from = Number(input["nextToken"] ?? 0);
    const next = Math.min(events.length, from + PAGE);
    return { events: events.slice(from, next), nextForwardToken: String(next) };
  }
}

function page(all: readonly unknown[], input: Input, name: string): unknown {
  const from = Number(input["NextToken"] ?? 0);
  const next = from + PAGE;
  return {
    [name]: all.slice(from, next),
    ...(next < all.length ? { NextToken: String(next) } : {}),
  };
}

function invalid(message: string): Refusal {
  return { type: "ValidationException", message };
}

function conflict(message: string): Refusal {
  return { type: "ConflictException", message };
}
