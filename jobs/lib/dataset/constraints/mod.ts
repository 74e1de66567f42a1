/**
 * What data has to look like, inferred from training data and checked against later data.
 *
 * @module
 */
export {
  about,
  checkConstraints,
  type Observed,
  type Repeated,
  repeatedBySketch,
} from "./check.ts";
export {
  type Constraints,
  type FeatureConstraints,
  parseConstraints,
  readConstraints,
} from "./constraints.ts";
export { inferConstraints } from "./infer.ts";
export { loadConstraints } from "./load.ts";
export { type BrokenRows, type RowRule, RowRules } from "./row_rules.ts";
export { RuleTally, type TallyJson } from "./rule_tally.ts";
export type { CheckType, Violation } from "./violation.ts";
