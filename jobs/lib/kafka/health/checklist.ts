/**
 * Steps that are taken one after the other, each with a verdict of its own, within a time for all.
 *
 * @module
 */
import { within } from "../patience.ts";

/** How a step ended. `warn` does not keep a job from running. */
export type Verdict = "ok" | "warn" | "fail" | "skipped";

/** What a step has found. */
export interface Finding {
  /** How it ended. */
  readonly verdict: Verdict;
  /** What was found, for a person; why, if it was skipped. */
  readonly found: string;
  /** What to do about it; there unless all is well. */
  readonly remedy?: string;
  /** The same for a program. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A step that was taken, or skipped. */
export interface Step<N extends string> extends Finding {
  /** Which. */
  readonly name: N;
  /** How long it took. */
  readonly milliseconds: number;
}

/** How a checklist is made. */
export interface ChecklistOptions<N extends string> {
  /** For all steps together. */
  readonly milliseconds: number;
  /** Makes a finding of what a step throws. */
  readonly explain: (name: N, error: unknown) => Finding | Promise<Finding>;
  /** Told of each step. */
  readonly onStep?: (step: Step<N>) => void;
  /** Ends the list: what it is aborted with is thrown. */
  readonly signal?: AbortSignal;
}

/** Steps, in the order in which they were taken. */
export class Checklist<N extends string> {
  /** What was found so far. */
  readonly steps: Step<N>[] = [];
  readonly #options: ChecklistOptions<N>;
  readonly #end: number;
  readonly #blocked = new Set<N>();

  /** Begins its time. */
  constructor(options: ChecklistOptions<N>) {
    this.#options = options;
    this.#end = performance.now() + options.milliseconds;
  }

  /**
   * Takes a step, unless one that it needs has failed or was skipped for such a reason.
   *
   * @param milliseconds most that the step may take
   */
  async take(
    name: N,
    needs: readonly N[],
    milliseconds: number,
    body: () => Promise<Finding>,
  ): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const start = performance.now();
    const finding = this.#obstacle(needs) ?? await this.#try(name, milliseconds, body);
    this.#options.signal?.throwIfAborted();
    if (finding.verdict === "fail" || this.#obstacle(needs)) this.#blocked.add(name);
    const step = { name, ...finding, milliseconds: Math.round(performance.now() - start) };
    this.steps.push(step);
    this.#options.onStep?.(step);
  }

  #obstacle(needs: readonly N[]): Finding | undefined {
    const missing = needs.find((name) => this.#blocked.has(name));
    if (missing === undefined) return undefined;
    const failed = this.steps.find(({ name }) => name === missing)?.verdict === "fail";
    return { verdict: "skipped", found: `because ${missing} ${failed ? "failed" : "was skipped"}` };
  }

  async #try(name: N, milliseconds: number, body: () => Promise<Finding>): Promise<Finding> {
    const left = this.#end - performance.now();
    if (left <= 0) {
      return {
        verdict: "fail",
        found: `no time is left of ${this.#options.milliseconds / 1000} s`,
        remedy: "See which step took it, or give more with --timeout",
      };
    }
    try {
      return await within(Math.min(left, milliseconds), body());
    } catch (error) {
      // A bug of ours is no finding about the cluster.
      if (error instanceof TypeError || error instanceof ReferenceError) throw error;
      return await this.#options.explain(name, error);
    }
  }
}

/** The worst of some verdicts; what was skipped is not bad. */
export function worst(verdicts: readonly Verdict[]): Exclude<Verdict, "skipped"> {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("warn") ? "warn" : "ok";
}
