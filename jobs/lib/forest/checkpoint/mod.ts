/**
 * Finished trees that outlive the process.
 *
 * @module
 */

export { blockFolder } from "./folder.ts";
export { fingerprintOf } from "./fingerprint.ts";
export { TreeKeeper } from "./keeper.ts";
