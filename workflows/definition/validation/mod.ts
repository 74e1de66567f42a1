/**
 * Finds what AWS would refuse in a pipeline definition, before it is sent there.
 *
 * Sources: AWS developer guide, "Pipelines"; API reference of the calls that the steps make; the
 * official JSON schema of definitions.
 *
 * @module
 */
import { checkCycles } from "./cycles.ts";
import { isObject, shown } from "./json.ts";
import { checkParameters } from "./parameters.ts";
import { type Finding, Scope } from "./scope.ts";
import { checkSecrets } from "./secrets.ts";
import { anything, type Check, list, literal, map, object, text } from "./shapes.ts";
import { checkStep } from "./steps.ts";

export type { Finding } from "./scope.ts";

/** Most bytes of a definition. */
const LIMIT_BYTES = 1_048_576;

const shape: Check = object({
  "Version!": literal(text({ words: ["2020-12-01"] })),
  Metadata: map({ max: 128 }, literal(text({ min: 0, max: 1024 }))),
  Parameters: checkParameters,
  PipelineExperimentConfig: (found, at, scope) => {
    object({ ExperimentName: text({ max: 120 }), TrialName: text({ max: 120 }) })(found, at, scope);
  },
  // AWS's default quota.
  "Steps!": list(checkStep, { min: 1, max: 50 }),
  MlflowConfig: anything,
});

/**
 * Checks a definition.
 *
 * @param definition its JSON, of any origin
 * @returns everything that is wrong, in the order of the document as far as it goes
 */
export function validateDefinition(definition: unknown): Finding[] {
  if (!isObject(definition)) {
    return [{ path: "$", message: `it is ${shown(definition)}, not an object` }];
  }
  const scope = new Scope(definition);
  shape(definition, "$", scope);
  checkCycles(scope);
  checkSecrets(definition, scope);
  const bytes = new TextEncoder().encode(JSON.stringify(definition)).length;
  if (bytes > LIMIT_BYTES) {
    scope.report("$", `it has ${bytes} bytes; at most ${LIMIT_BYTES} are allowed`);
  }
  return scope.findings;
}
