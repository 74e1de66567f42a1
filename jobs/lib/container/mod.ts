/**
 * SageMaker's container contracts: where a job finds its parameters, data and peers, and where it
 * leaves its results, its failure and its message. Sources: AWS developer guide, "How Amazon
 * SageMaker AI provides training information" and "Build your own processing container".
 *
 * @module
 */
export { checkAccess } from "./access.ts";
export * from "./hosts.ts";
export * from "./message.ts";
export * from "./processing.ts";
export { type Contract, SAGEMAKER_ROOT } from "./root.ts";
export { stopSignal } from "./signals.ts";
export * from "./training.ts";
export { runUnprivileged } from "./unprivileged.ts";
