/**
 * Images of the jobs, and their way to ECR.
 *
 * @module
 */
export { type EngineName, ENGINES } from "./engine.ts";
export { readEnvironment, repositoryOf, variableOf } from "./environment.ts";
export { promoteImages } from "./promote.ts";
export { PLATFORMS, type Pushed, pushImages, tagOf } from "./push.ts";
export { updateTfvars } from "./tfvars.ts";
