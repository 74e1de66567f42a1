/**
 * Training on several hosts: each grows its part of the trees over the same data, and the first host
 * takes them all.
 *
 * @module
 */
export { checkHosts } from "./check.ts";
export { joinHosts, type TrainingHost } from "./host.ts";
