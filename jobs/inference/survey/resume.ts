import { type Batch, type Dataset, take } from "../../lib/dataset/mod.ts";
import type { Scorer } from "../scorer.ts";
import type { Survey, SurveyPlan } from "./survey.ts";

/** Rows of a shard that an earlier attempt has published. */
export interface Before {
  readonly dataset: Dataset;
  readonly columns: readonly string[];
  /** Of the shard, in order. */
  readonly files: readonly string[];
  /** Rows from the first. */
  readonly rows: number;
  readonly scorer: Pick<Scorer, "score">;
  /** Whether rows that break a rule were put aside. */
  readonly quarantine: boolean;
  readonly signal: AbortSignal;
}

/**
 * Looks at rows that an earlier attempt has published: what it saw of them died with it. The input is
 * what the manifest says, and a row is in the sample by its number, so that this is the same again, and
 * every row is counted once.
 */
export async function surveyBefore(plan: SurveyPlan, before: Before): Promise<Survey> {
  const { dataset, columns, files, rows, scorer, quarantine, signal } = before;
  const survey = plan.begin();
  let first = 0;
  for await (const whole of dataset.batches({ columns, files })) {
    signal.throwIfAborted();
    const batch = first + whole.rows <= rows ? whole : firstRows(whole, rows - first);
    const broken = plan.rules?.check(batch);
    survey.judged(batch.rows, broken);
    const chosen = plan.sample(first, batch.rows);
    if (chosen.length > 0) {
      const sample = take(batch, chosen);
      const aside = quarantine ? broken?.rejected : undefined;
      survey.looked(
        sample,
        await scorer.score(sample),
        (index) => aside?.has(chosen[index] ?? 0) === true,
      );
    }
    first += batch.rows;
    if (first >= rows) break;
  }
  return survey;
}

function firstRows(batch: Batch, rows: number): Batch {
  return take(batch, Uint32Array.from({ length: rows }, (_, row) => row));
}
