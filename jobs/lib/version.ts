/**
 * The version of this project, from deno.json.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };

/** Semantic version, without a `v`. */
export const VERSION: string = config.version;
