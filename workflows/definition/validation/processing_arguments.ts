import {
  cluster,
  environment,
  imageUri,
  kmsKey,
  name,
  roleArn,
  s3Uri,
  switches,
  tags,
  vpcConfig,
  words,
} from "./common_arguments.ts";
import {
  all,
  anything,
  type Check,
  integer,
  list,
  literal,
  object,
  text,
  unique,
} from "./shapes.ts";

const localPath = text({
  max: 256,
  pattern: /^\/opt\/ml\/processing\/(?!(.*\/)?\.\.(\/|$))/,
  what: "a folder below /opt/ml/processing/",
});

const names = literal(text({ max: 64 }));

const input = object({
  "InputName!": names,
  AppManaged: switches,
  S3Input: object({
    "S3Uri!": s3Uri,
    LocalPath: localPath,
    "S3DataType!": text({ words: ["ManifestFile", "S3Prefix"] }),
    S3InputMode: text({ words: ["Pipe", "File"] }),
    S3DataDistributionType: text({ words: ["FullyReplicated", "ShardedByS3Key"] }),
    S3CompressionType: text({ words: ["None", "Gzip"] }),
  }),
  DatasetDefinition: anything,
});

const output = object({
  "OutputName!": names,
  AppManaged: switches,
  S3Output: object({
    "S3Uri!": s3Uri,
    LocalPath: localPath,
    "S3UploadMode!": text({ words: ["Continuous", "EndOfJob"] }),
  }),
  FeatureStoreOutput: anything,
});

/** Arguments of a processing step: those of CreateProcessingJob. */
export const processingArguments: Check = object({
  ProcessingJobName: name(63),
  "ProcessingResources!": object({ "ClusterConfig!": cluster(100) }),
  "AppSpecification!": object({
    "ImageUri!": imageUri,
    ContainerEntrypoint: words,
    ContainerArguments: words,
  }),
  "RoleArn!": roleArn,
  ProcessingInputs: all(
    list(all(input, hasOneOf("S3Input", "DatasetDefinition")), { max: 10 }),
    unique("InputName"),
  ),
  ProcessingOutputConfig: object({
    "Outputs!": all(
      list(all(output, hasOneOf("S3Output", "FeatureStoreOutput")), { max: 10 }),
      unique("OutputName"),
    ),
    KmsKeyId: kmsKey,
  }),
  Environment: environment(256),
  NetworkConfig: object({
    EnableNetworkIsolation: switches,
    EnableInterContainerTrafficEncryption: switches,
    VpcConfig: vpcConfig,
  }),
  StoppingCondition: object({ "MaxRuntimeInSeconds!": integer({ min: 1, max: 777_600 }) }),
  ExperimentConfig: anything,
  Tags: tags,
});

/** An input or output has to be something. */
function hasOneOf(...kinds: readonly string[]): Check {
  return (found, at, scope) => {
    if (typeof found !== "object" || found === null) return;
    if (kinds.some((kind) => kind in found)) return;
    scope.report(`${at}.${kinds[0]}`, "it is missing");
  };
}
