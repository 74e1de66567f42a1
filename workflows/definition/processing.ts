import { Get, type PropertyFile, propertyFile, type Value } from "./expression.ts";
import {
  type Environment,
  type Instances,
  instancesJson,
  type Tags,
  tagsJson,
  type Vpc,
  vpcJson,
} from "./job.ts";
import { type JobStepOptions, type Step, stepJson } from "./step.ts";

/** A prefix of S3 that a processing job finds in a folder. */
export interface ProcessingInput {
  /** S3 URI. */
  readonly from: Value<string>;
  /** `/opt/ml/processing/input/<name>` unless told. */
  readonly path?: string;
  /** Whether every machine gets all objects, or each its part. All unless told. */
  readonly distribution?: "FullyReplicated" | "ShardedByS3Key";
}

/** A folder of a processing job that goes to a prefix of S3 when the job ends. */
export interface ProcessingOutput {
  /** S3 URI. */
  readonly to: Value<string>;
  /** `/opt/ml/processing/output/<name>` unless told. */
  readonly path?: string;
  /** At the end unless told. */
  readonly upload?: "EndOfJob" | "Continuous";
}

/** A JSON file in an output that conditions and messages can read. */
export interface PropertyFileOptions<Output extends string> {
  /** Name of the output. */
  readonly output: Output;
  /** Path in the output. */
  readonly path: string;
}

/** What a processing step runs, on what, with what. */
export interface ProcessingOptions<
  Outputs extends Readonly<Record<string, ProcessingOutput>>,
  Files extends Readonly<Record<string, PropertyFileOptions<keyof Outputs & string>>>,
> extends JobStepOptions {
  /** URI of the image. */
  readonly image: Value<string>;
  /** Instead of the image's own. */
  readonly entrypoint?: readonly Value<string>[];
  /** At most 100 of at most 256 characters. */
  readonly arguments?: readonly Value<string>[];
  /** Environment variables. */
  readonly environment?: Environment;
  /** ARN of the job's role. */
  readonly role: Value<string>;
  /** Its machines. */
  readonly instances: Instances;
  /** Its data by name. */
  readonly inputs?: Readonly<Record<string, ProcessingInput>>;
  /** Its results by name. */
  readonly outputs?: Outputs;
  /** Key of the outputs. */
  readonly outputKmsKey?: Value<string>;
  /** What conditions may read of its results, by name. */
  readonly propertyFiles?: Files;
  /** Where the machines stand. */
  readonly vpc?: Vpc;
  /** Between the machines. */
  readonly encryptTraffic?: boolean;
  /** Lets the job reach nothing. */
  readonly isolateNetwork?: boolean;
  /** When SageMaker stops it; after a day unless told. */
  readonly maxRuntimeSeconds?: Value<number>;
  /** Tags of the job. */
  readonly tags?: Tags;
}

/** A processing step, and what other steps may use of it. */
export interface ProcessingStep<Outputs, Files> extends Step {
  /** The S3 URI of each output. */
  readonly outputs: { readonly [K in keyof Outputs]: Get<string> };
  /** Its property files. */
  readonly files: { readonly [K in keyof Files]: PropertyFile };
}

/** A step that runs a processing job. */
export function processing<
  const Outputs extends Readonly<Record<string, ProcessingOutput>> = Record<never, never>,
  const Files extends Readonly<Record<string, PropertyFileOptions<keyof Outputs & string>>> =
    Record<never, never>,
>(name: string, options: ProcessingOptions<Outputs, Files>): ProcessingStep<Outputs, Files> {
  const { outputs, propertyFiles } = options;
  return {
    name,
    outputs: mapped(outputs, (output) => outputUri(name, output)),
    files: mapped(propertyFiles, (file) => propertyFile(name, file)),
    toJSON: () =>
      stepJson(name, "Processing", {
        Arguments: argumentsJson(options),
        PropertyFiles: propertyFiles &&
          Object.entries(propertyFiles).map(([PropertyFileName, file]) => ({
            PropertyFileName,
            OutputName: file.output,
            FilePath: file.path,
          })),
      }, options),
  };
}

function argumentsJson(
  options: ProcessingOptions<
    Readonly<Record<string, ProcessingOutput>>,
    Readonly<Record<string, PropertyFileOptions<string>>>
  >,
): Readonly<Record<string, unknown>> {
  const { inputs, outputs, maxRuntimeSeconds } = options;
  return {
    ProcessingResources: { ClusterConfig: instancesJson(options.instances) },
    AppSpecification: {
      ImageUri: options.image,
      ContainerEntrypoint: options.entrypoint,
      ContainerArguments: options.arguments,
    },
    RoleArn: options.role,
    ProcessingInputs: inputs && Object.entries(inputs).map(inputJson),
    ProcessingOutputConfig: outputs && {
      Outputs: Object.entries(outputs).map(outputJson),
      KmsKeyId: options.outputKmsKey,
    },
    Environment: options.environment,
    NetworkConfig: {
      EnableNetworkIsolation: options.isolateNetwork ?? false,
      EnableInterContainerTrafficEncryption: options.encryptTraffic,
      VpcConfig: vpcJson(options.vpc),
    },
    StoppingCondition: maxRuntimeSeconds === undefined
      ? undefined
      : { MaxRuntimeInSeconds: maxRuntimeSeconds },
    Tags: tagsJson(options.tags),
  };
}

function inputJson([name, input]: [string, ProcessingInput]): Readonly<Record<string, unknown>> {
  return {
    InputName: name,
    AppManaged: false,
    S3Input: {
      S3Uri: input.from,
      LocalPath: input.path ?? `/opt/ml/processing/input/${name}`,
      S3DataType: "S3Prefix",
      S3InputMode: "File",
      S3DataDistributionType: input.distribution ?? "FullyReplicated",
      S3CompressionType: "None",
    },
  };
}

function outputJson([name, output]: [string, ProcessingOutput]): Readonly<Record<string, unknown>> {
  return {
    OutputName: name,
    AppManaged: false,
    S3Output: {
      S3Uri: output.to,
      LocalPath: output.path ?? `/opt/ml/processing/output/${name}`,
      S3UploadMode: output.upload ?? "EndOfJob",
    },
  };
}

function outputUri(step: string, output: string): Get<string> {
  return new Get(`Steps.${step}.ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri`);
}

function mapped<O extends Readonly<Record<string, unknown>>, V>(
  entries: O | undefined,
  make: (name: string) => V,
): { readonly [K in keyof O]: V } {
  const names = Object.keys(entries ?? {});
  return Object.fromEntries(names.map((name) => [name, make(name)])) as {
    readonly [K in keyof O]: V;
  };
}
