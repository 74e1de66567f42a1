/**
 * Looks for everything that is wrong with data before it is learnt from.
 *
 * @module
 */
export { type ColumnReport, type DataReport, type Finding, requireUsable } from "./finding.ts";
export { type Predictiveness, predictiveness } from "./leakage.ts";
export { hashValues, Repeats } from "./repeats.ts";
export { sampledRows, type Sampler, sampler } from "./sample.ts";
export {
  judged,
  validateTable,
  Validation,
  type ValidationOptions,
  type ViolationPolicy,
} from "./validation.ts";
