/**
 * Runs of an MLflow server by a tag.
 *
 * @module
 */

import { type RunAnswer, RUNS } from "./answers.ts";
import { API, type Http } from "./http.ts";
import type { Answer } from "./request.ts";
import { REQUEST_TAG } from "./request_tag.ts";

/** Those of an experiment with a tag of that value, newest first; a thousand at most. */
export async function searchRuns(
  http: Http,
  experimentId: string,
  key: string,
  value: string,
  cannot: string,
): Promise<readonly RunAnswer[]> {
  const { runs } = await http.json({
    method: "POST",
    path: `${API}/runs/search`,
    body: {
      experiment_ids: [experimentId],
      filter: `tags.\`${key}\` ${matching(value)}`,
      max_results: 1000,
      order_by: ["attributes.start_time DESC"],
    },
    idempotent: true,
    cannot,
  }, RUNS);
  return runs.filter(({ data }) => data.tags.some((tag) => tag.key === key && tag.value === value));
}

/** There is no escaping in MLflow's filters; what cannot be quoted is looked for among all. */
function matching(value: string): string {
  if (!value.includes("'")) return `= '${value}'`;
  return value.includes('"') ? "LIKE '%'" : `= "${value}"`;
}

/** The run that a request made, as the answer that was lost. */
export async function findRunOf(
  http: Http,
  experimentId: string,
  request: string,
): Promise<Answer | undefined> {
  const cannot = "start an MLflow run";
  const [run] = await searchRuns(http, experimentId, REQUEST_TAG, request, cannot);
  if (run === undefined) return undefined;
  const path = `${API}/runs/get?run_id=${encodeURIComponent(run.info.run_id)}`;
  return await http.send({ method: "GET", path, cannot });
}
