/**
 * The two jobs as single binaries.
 *
 * @module
 */
export { type Binary, build, type BuildOptions } from "./build.ts";
export type { ToldCommit } from "./facts.ts";
export { IMAGE_PATH, type Program, PROGRAMS, type Target, TARGETS } from "./programs.ts";
