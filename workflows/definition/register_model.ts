import type { Value } from "./expression.ts";
import { Get } from "./expression.ts";
import { type JobStepOptions, type Step, stepJson } from "./step.ts";

/** A container that serves a model. */
export interface ModelContainer {
  /** URI of the image. */
  readonly image: Value<string>;
  /** S3 URI of its `model.tar.gz`. */
  readonly model: Value<string>;
  /** Environment variables. */
  readonly environment?: Readonly<Record<string, Value<string>>>;
}

/** A file of measurements on S3. */
export interface MetricsFile {
  /** S3 URI. */
  readonly uri: Value<string>;
  /** `application/json` unless told. */
  readonly contentType?: string;
}

/** What is registered in SageMaker's own registry of models. */
export interface RegisterModelOptions extends Omit<JobStepOptions, "cacheFor"> {
  /** Name or ARN of the group. */
  readonly group: Value<string>;
  /** Said of the version. */
  readonly packageDescription?: Value<string>;
  /** What serves the model. */
  readonly containers: readonly ModelContainer[];
  /** MIME types that it takes. */
  readonly contentTypes: readonly string[];
  /** MIME types that it gives. */
  readonly responseTypes: readonly string[];
  /** Machines for endpoints. */
  readonly realtimeInstanceTypes?: readonly string[];
  /** Machines for batch transforms. */
  readonly transformInstanceTypes?: readonly string[];
  /** Whether it may be deployed. */
  readonly approval?: Value<"Approved" | "Rejected" | "PendingManualApproval">;
  /** The measured quality of the model. */
  readonly quality?: { readonly statistics: MetricsFile; readonly constraints?: MetricsFile };
  /** What SageMaker does not check. */
  readonly skipValidation?: "All" | "None";
}

/** Such a step, and what other steps may use of it. */
export interface RegisterModelStep extends Step {
  /** ARN of the version. */
  readonly packageArn: Get<string>;
}

/** A step that registers a model in SageMaker's registry. */
export function registerModel(name: string, options: RegisterModelOptions): RegisterModelStep {
  return {
    name,
    packageArn: new Get(`Steps.${name}.ModelPackageArn`),
    toJSON: () => stepJson(name, "RegisterModel", { Arguments: argumentsJson(options) }, options),
  };
}

function argumentsJson(options: RegisterModelOptions): Readonly<Record<string, unknown>> {
  const { quality } = options;
  return {
    ModelPackageGroupName: options.group,
    ModelPackageDescription: options.packageDescription,
    ModelMetrics: quality && {
      ModelQuality: {
        Statistics: metricsJson(quality.statistics),
        Constraints: quality.constraints && metricsJson(quality.constraints),
      },
    },
    InferenceSpecification: {
      Containers: options.containers.map((container) => ({
        Image: container.image,
        ModelDataUrl: container.model,
        Environment: container.environment,
      })),
      SupportedContentTypes: options.contentTypes,
      SupportedResponseMIMETypes: options.responseTypes,
      SupportedRealtimeInferenceInstanceTypes: options.realtimeInstanceTypes,
      SupportedTransformInstanceTypes: options.transformInstanceTypes,
    },
    ModelApprovalStatus: options.approval,
    SkipModelValidation: options.skipValidation,
  };
}

function metricsJson({ uri, contentType = "application/json" }: MetricsFile): unknown {
  return { ContentType: contentType, S3Uri: uri };
}
