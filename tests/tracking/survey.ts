/**
 * What Python finds in a store.
 *
 * @module
 */

import { provided } from "../job/task.ts";
import { startOracle } from "../mlflow/oracle.ts";

/** What survey.py says. */
export interface Survey {
  /** What MLflow could not read. */
  readonly complaints: readonly string[];
  readonly runs: readonly {
    readonly id: string;
    readonly status: string;
    readonly params: number;
    readonly points: Readonly<Record<string, number>>;
    readonly datasets: readonly string[];
    readonly artifacts: readonly string[];
    readonly models: readonly string[];
  }[];
  readonly models: readonly {
    readonly name: string;
    readonly aliases: Readonly<Record<string, string>>;
    readonly versions: readonly {
      readonly version: string;
      readonly stage: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly aliases: readonly string[];
    }[];
  }[];
  readonly logged: readonly { readonly id: string; readonly status: string }[];
}

const oracle = startOracle(provided("ML_TEST_PYTHON"), {});

/** Looks at all of a store. */
export async function survey(trackingUri: string): Promise<Survey> {
  return await oracle.ask("survey", trackingUri) as Survey;
}
