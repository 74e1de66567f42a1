/**
 * The two jobs as single binaries.
 *
 * @module
 */
export { type Binary, build, type BuildOptions } from "./build.ts";
export { denoVersion } from "./deno.ts";
export { buildFacts, type ToldCommit } from "./facts.ts";
export { type NpmPackage, packagesIn } from "./packages.ts";
export {
  IMAGE_PATH,
  permissionsOf,
  type Program,
  PROGRAMS,
  ROOT,
  type Target,
  TARGETS,
} from "./programs.ts";
