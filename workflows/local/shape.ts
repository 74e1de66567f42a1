/**
 * A definition, as far as executing it needs.
 *
 * @module
 */
import type { DeclaredParameter, Scalar } from "../parameters/mod.ts";

/** A parameter's declaration. */
export type ParameterDeclaration = DeclaredParameter<Scalar>;

/** When and how often a step is tried again. */
export interface RetryPolicy {
  /** For what. */
  readonly ExceptionType: readonly string[];
  /** Before the first retry. */
  readonly IntervalSeconds: number;
  /** By which each wait is longer than the one before. */
  readonly BackoffRate: number;
  /** Retries, at most. */
  readonly MaxAttempts?: number | undefined;
  /** Since the first attempt. */
  readonly ExpireAfterMin?: number | undefined;
}

/** A JSON file in an output that others may read. */
export interface PropertyFileDeclaration {
  /** What references call it. */
  readonly PropertyFileName: string;
  /** The output it is in. */
  readonly OutputName: string;
  /** Its path there. */
  readonly FilePath: string;
}

/** The choice of a condition step that a step belongs to. */
export interface Branch {
  /** Name of the condition step. */
  readonly of: string;
  /** Whether it runs if the conditions hold, or if not. */
  readonly when: boolean;
}

/** One step, whether it stands at the top or in a branch. */
export interface LocalStep {
  /** Unique in its definition. */
  readonly Name: string;
  /** `Processing` and so on. */
  readonly Type: string;
  /** With functions in it. */
  readonly Arguments: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly DisplayName?: string | undefined;
  /** Steps that must have succeeded. */
  readonly DependsOn: readonly string[];
  /** In the order in which they are looked at. */
  readonly RetryPolicies: readonly RetryPolicy[];
  /** Whether an earlier result may stand for it, and how old it may be. */
  readonly CacheConfig?:
    | { readonly Enabled: boolean; readonly ExpireAfter?: string | undefined }
    | undefined;
  /** What others may read of its outputs. */
  readonly PropertyFiles: readonly PropertyFileDeclaration[];
  /** Of a Callback step. */
  readonly SqsQueueUrl?: unknown;
  /** Of a Lambda step. */
  readonly FunctionArn?: unknown;
  /** Undefined at the top. */
  readonly branch: Branch | undefined;
}

/** A definition whose steps all stand in one list, a condition before those of its branches. */
export interface LocalDefinition {
  /** What an execution is told. */
  readonly parameters: readonly ParameterDeclaration[];
  /** All of them. */
  readonly steps: readonly LocalStep[];
  /** Steps that may run at the same time, if the definition says. */
  readonly parallelism: number | undefined;
}
