import { imageUri, kmsKey, s3Uri, switches, tags } from "./common_arguments.ts";
import { isObject, listOf } from "./json.ts";
import type { Scope } from "./scope.ts";
import {
  all,
  anything,
  type Check,
  list,
  literal,
  map,
  object,
  scalar,
  text,
  unique,
} from "./shapes.ts";

/** Arguments of a fail step. */
export const failArguments: Check = object({ "ErrorMessage!": text({ max: 3072 }) });

/** Arguments of a step that something else carries out. */
export const invocationArguments: Check = map({ max: 256 }, scalar());

/** What such a step gives back. */
export const outputParameters: Check = all(
  list(
    object({
      "OutputName!": literal(text({ max: 256, pattern: /^[A-Za-z0-9\-_]+$/ })),
      "OutputType!": literal(text({ words: ["String", "Integer", "Float", "Boolean"] })),
    }),
    { max: 50 },
  ),
  unique("OutputName"),
);

const metricsFile = object({
  "ContentType!": text({ max: 256 }),
  "S3Uri!": s3Uri,
  ContentDigest: text({ max: 72 }),
});
const metrics = object({
  Statistics: metricsFile,
  Constraints: metricsFile,
  Report: metricsFile,
  PreTrainingReport: metricsFile,
  PostTrainingReport: metricsFile,
});
const mimeTypes = list(text({ max: 256 }), { min: 1 });

/** Arguments of a step that registers a model: those of CreateModelPackage. */
export const registerModelArguments: Check = all(
  object({
    ModelPackageName: text({ max: 63 }),
    ModelPackageGroupName: text({ max: 170 }),
    ModelPackageDescription: text({ max: 1024 }),
    InferenceSpecification: object({
      "Containers!": list(
        object({
          "Image!": imageUri,
          ModelDataUrl: s3Uri,
          ModelDataSource: anything,
          Environment: map({ max: 1024 }, text({ min: 0, max: 1024 }), { max: 100 }),
          ContainerHostname: text({ max: 63 }),
          ImageDigest: text({ max: 72 }),
          ProductId: text({ max: 256 }),
          ModelInput: anything,
          Framework: text(),
          FrameworkVersion: text(),
          NearestModelName: text(),
        }),
        { min: 1, max: 15 },
      ),
      SupportedContentTypes: mimeTypes,
      SupportedResponseMIMETypes: mimeTypes,
      SupportedRealtimeInferenceInstanceTypes: list(text()),
      SupportedTransformInstanceTypes: list(text(), { min: 1 }),
    }),
    ModelMetrics: object({
      ModelQuality: metrics,
      ModelDataQuality: metrics,
      Bias: metrics,
      Explainability: metrics,
    }),
    ModelApprovalStatus: text({ words: ["Approved", "Rejected", "PendingManualApproval"] }),
    SkipModelValidation: text({ words: ["All", "None"] }),
    CertifyForMarketplace: switches,
    CustomerMetadataProperties: map({ max: 128 }, text({ max: 256 }), { max: 50 }),
    DriftCheckBaselines: anything,
    MetadataProperties: anything,
    SourceAlgorithmSpecification: anything,
    ValidationSpecification: anything,
    SamplePayloadUrl: s3Uri,
    SecurityConfig: object({ "KmsKeyId!": kmsKey }),
    SourceUri: text({ max: 1024 }),
    Domain: text(),
    Task: text(),
    ModelCard: anything,
    ModelLifeCycle: anything,
    Tags: tags,
  }),
  (found, at, scope) => {
    if (!isObject(found)) return;
    if (found["ModelPackageGroupName"] === undefined && found["ModelPackageName"] === undefined) {
      scope.report(`${at}.ModelPackageGroupName`, "it is missing");
    }
  },
);

const RELATIONS = [
  "Equals",
  "GreaterThan",
  "GreaterThanOrEqualTo",
  "LessThan",
  "LessThanOrEqualTo",
  "NotEquals",
];

/** One condition: a comparison, a membership, or others put together. */
export function conditionShape(found: unknown, at: string, scope: Scope): void {
  if (!isObject(found)) return scope.report(at, "it must be an object with a Type");
  const type = found["Type"];
  const shape = typeof type === "string" && RELATIONS.includes(type)
    ? comparison
    : COMPOSED[String(type)];
  if (shape !== undefined) return shape(found, at, scope);
  const known = [...RELATIONS, ...Object.keys(COMPOSED)].join(", ");
  scope.report(`${at}.Type`, type === undefined ? "it is missing" : `it must be one of ${known}`);
}

const comparison: Check = all(
  object({ "Type!": text(), "LeftValue!": scalar(), "RightValue!": scalar() }),
  (found, at, scope) => {
    if (!isObject(found) || String(found["Type"]).endsWith("Equals")) return;
    for (const side of ["LeftValue", "RightValue"]) {
      if (typeof found[side] !== "string" && typeof found[side] !== "boolean") continue;
      scope.report(`${at}.${side}`, `${String(found["Type"])} compares numbers`);
    }
  },
);

const COMPOSED: Readonly<Record<string, Check>> = {
  // AWS's SDK writes QueryValue and Values, its schema has Value and In.
  In: all(
    object({
      "Type!": text(),
      QueryValue: scalar(),
      Values: list(scalar(), { min: 1 }),
      Value: scalar(),
      In: list(scalar(), { min: 1 }),
    }),
    (found, at, scope) => {
      if (!isObject(found)) return;
      if (!("QueryValue" in found) && !("Value" in found)) {
        scope.report(`${at}.QueryValue`, "it is missing");
      }
      if (listOf(found["Values"]).length + listOf(found["In"]).length === 0) {
        scope.report(`${at}.Values`, "it is missing");
      }
    },
  ),
  Not: (found, at, scope) => {
    object({ "Type!": text(), "Expression!": conditionShape })(found, at, scope);
  },
  Or: (found, at, scope) => {
    object({ "Type!": text(), "Conditions!": list(conditionShape, { min: 1 }) })(found, at, scope);
  },
};
