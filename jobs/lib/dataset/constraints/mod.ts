/**
 * What data has to look like, inferred from training data and checked against later data.
 *
 * @module
 */
export { checkConstraints, type CheckType, type Violation } from "./check.ts";
export { type Constraints, type FeatureConstraints, parseConstraints } from "./constraints.ts";
export { inferConstraints } from "./infer.ts";
