/**
 * Looks at everything that the platform needs: each a finding, with what mends it.
 *
 * @module
 */
export * from "./account.ts";
export * from "./environment.ts";
export type { Finding, Verdict } from "./finding.ts";
export * from "./pipelines.ts";
export * from "./quotas.ts";
export * from "./report.ts";
export * from "./services.ts";
export * from "./state.ts";
export * from "./tools.ts";
