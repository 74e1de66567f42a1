/**
 * The configurations that Terraform is run in: one per environment, and one per account.
 *
 * @module
 */

/** Names of their folders in `infra/`. */
export const CONFIGURATIONS = ["account", "staging", "prod"] as const;

/** One of them. */
export type Configuration = typeof CONFIGURATIONS[number];
