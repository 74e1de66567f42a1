/**
 * `evaluation.json`: what `evaluate` found, what SageMaker's conditions read, and what `register`
 * acts on.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { z } from "zod";
import { DataError, isNotFound, issuesOf, messageOf } from "../lib/errors.ts";
import type { EvaluationReport, GateVerdict } from "../lib/evaluation/mod.ts";
import type { DataInput } from "./held_out.ts";
import type { Judgement } from "./gate.ts";

/** Name of the model card beside the file. */
export const CARD_FILE = "model_card.md";
/** Name of the file. */
export const EVALUATION_FILE = "evaluation.json";

/** What identifies a model in the file. */
export interface EvaluatedModel {
  readonly name: string;
  /** SHA-256 of `model.onnx`. */
  readonly digest: string;
  readonly runId?: string | undefined;
}

/** What a registration needs of an evaluation. */
export interface ReadEvaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly gate: GateVerdict;
  /** Version of the champion that the model was compared with. */
  readonly champion: string | undefined;
  /** The model card beside it. */
  readonly card: string | undefined;
}

/** The content of the file; without a judgement there is no gate in it. */
export function evaluationContent(
  report: EvaluationReport,
  model: EvaluatedModel,
  { dataset, digest }: DataInput,
  judgement?: Judgement,
): Record<string, unknown> {
  const { measured: _, ...champion } = judgement?.champion ?? {};
  return {
    ...report,
    model: { name: model.name, digest: model.digest, run_id: model.runId },
    data: { uri: dataset.uri, digest },
    ...(judgement === undefined ? {} : {
      champion: judgement.champion === undefined ? null : champion,
      gate: judgement.verdict,
    }),
  };
}

const SCHEMA = z.object({
  metrics: z.record(z.string(), z.number()),
  model: z.object({ digest: z.string() }),
  champion: z.object({ version: z.string() }).nullable(),
  gate: z.object({ passed: z.boolean(), reasons: z.array(z.string()) }),
});

/**
 * Reads the file, or that of its folder.
 *
 * @param modelDigest the model that it has to be of
 * @throws {DataError} `evaluation.unreadable`, `evaluation.other-model`
 */
export async function readEvaluation(path: string, modelDigest: string): Promise<ReadEvaluation> {
  const file = await isFolder(path) ? join(path, EVALUATION_FILE) : path;
  let json: unknown;
  try {
    json = JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    throw unreadable(file, isNotFound(error) ? "there is no such file" : messageOf(error));
  }
  const parsed = SCHEMA.safeParse(json);
  if (!parsed.success) throw unreadable(file, issuesOf(parsed.error));
  const { metrics, gate, champion, model } = parsed.data;
  if (model.digest !== modelDigest) {
    throw new DataError({
      code: "evaluation.other-model",
      cannot: `use the evaluation ${file}`,
      found: `it is of the model ${model.digest}, not of ${modelDigest}`,
      todo: "Evaluate this very model",
      place: { file },
    });
  }
  return { metrics, gate, champion: champion?.version, card: await readCard(dirname(file)) };
}

/** A version without a card is no less a version. */
async function readCard(folder: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(join(folder, CARD_FILE));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw unreadable(join(folder, CARD_FILE), messageOf(error));
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await Deno.stat(path).catch(() => undefined))?.isDirectory ?? false;
}

function unreadable(file: string, found: string): DataError {
  return new DataError({
    code: "evaluation.unreadable",
    cannot: `read the evaluation ${file}`,
    found,
    todo: "Give the evaluation.json of training evaluate, or its folder",
    place: { file },
  });
}
