/**
 * Watches what is scored: rules that rows break, and distributions that have moved.
 *
 * @module
 */
export { type Baseline, baselineOf } from "./baseline.ts";
export { driftedIn, type Findings, findingsOf, type Policy } from "./findings.ts";
export { areFinite, sampleOf, Survey, SurveyPlan } from "./survey.ts";
export { hasSurvey, keepBaseline, keepChecked, keepSurvey } from "./kept.ts";
export { surveyBefore } from "./resume.ts";
export { type DataSummary, reportRunData, type Seen } from "./run_report.ts";
export { requireUndrifted } from "./verdict.ts";
