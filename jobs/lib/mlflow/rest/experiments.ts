/**
 * Experiments of an MLflow server.
 *
 * @module
 */

import { checkExperimentName } from "../names.ts";
import { experimentDeleted } from "../store_errors.ts";
import { EXPERIMENT, EXPERIMENT_ID } from "./answers.ts";
import { API, type Http } from "./http.ts";
import { accepted, isMissing, readJson, refused } from "./http_errors.ts";

/** See {@linkcode TrackingStore.experiment}. */
export async function getOrCreateExperiment(http: Http, name: string): Promise<string> {
  checkExperimentName(name);
  const cannot = `use the experiment "${name}"`;
  const find = async (): Promise<string | undefined> => {
    const answer = await http.send({
      method: "GET",
      path: `${API}/experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`,
      cannot,
    });
    if (isMissing(answer)) return undefined;
    const { experiment } = readJson(accepted(answer, http.baseUrl), EXPERIMENT, http.baseUrl);
    if (experiment.lifecycle_stage !== "deleted") return experiment.experiment_id;
    throw experimentDeleted(name, experiment.experiment_id, http.baseUrl);
  };
  const known = await find();
  if (known !== undefined) return known;
  // A repeat finds the name taken by the first try, so this is idempotent.
  const answer = await http.send({
    method: "POST",
    path: `${API}/experiments/create`,
    body: { name },
    idempotent: true,
    cannot,
  });
  if (answer.status < 300) return readJson(answer, EXPERIMENT_ID, http.baseUrl).experiment_id;
  const madeMeanwhile = answer.errorCode === "RESOURCE_ALREADY_EXISTS" ? await find() : undefined;
  if (madeMeanwhile === undefined) throw refused(answer, http.baseUrl);
  return madeMeanwhile;
}
