import type { Context } from "../lib/command.ts";
import { isNotFound, UsageError } from "../lib/errors.ts";
import {
  blockFolder,
  type Engine,
  forestEngine,
  type ForestOptions,
  mlRandomForestEngine,
  type OutOfBag,
  outOfBag,
  type TrainedForest,
} from "../lib/forest/mod.ts";
import type { Values } from "../lib/config.ts";
import { startProgress } from "../lib/progress.ts";
import { metricLine } from "../lib/telemetry.ts";
import type { PreparedData } from "./data.ts";
import type { trainOptions } from "./options.ts";

const ENGINES: Readonly<Record<Engine["name"], Engine>> = {
  "forest": forestEngine,
  "ml-random-forest": mlRandomForestEngine,
};

/** A trained forest, how long it took, and its out-of-bag score if that was asked for. */
export type FittedForest = TrainedForest & {
  readonly seconds: number;
  readonly outOfBag?: OutOfBag;
};

/**
 * Trains the forest that the options describe.
 *
 * @throws {UsageError} `forest.engine-option` where the engine cannot do what an option says
 */
export async function fitForest(
  data: PreparedData,
  { values, log, signal, terminal, print, container }: Context<typeof trainOptions>,
): Promise<FittedForest> {
  if (values.oobScore && values.engine !== "forest") throw noOutOfBag(values.engine);
  const progress = startProgress("growing trees", log, terminal);
  const options = optionsOf(values);
  const folder = values.checkpointDir ?? await containerFolder(container);
  const started = performance.now();
  try {
    const trained = await ENGINES[values.engine].train(data.train, options, {
      signal,
      onProgress: ({ trees, of }) => progress.update(trees, of),
      onNotice: (notice) => log.warn(notice),
      ...(folder === undefined ? {} : {
        checkpoints: { store: blockFolder(folder), identity: JSON.stringify(data.schema) },
      }),
    });
    const seconds = (performance.now() - started) / 1000;
    progress.end();
    const { rows, columns } = data.train.matrix;
    log.info("trained", {
      engine: values.engine,
      trees: trained.forest.trees.length,
      rows,
      columns: columns.length,
      seconds: Number(seconds.toFixed(2)),
      row_trees_per_second: Math.round(rows * options.trees / seconds),
    });
    if (!values.oobScore) return { ...trained, seconds };
    const found = await outOfBag(trained.forest, data.train, options, signal);
    log.info("scored out of bag", { oob_score: found.score, rows: found.rows });
    const line = metricLine("oob_score", found.score);
    if (line !== undefined) print(line);
    return { ...trained, seconds, outOfBag: found };
  } finally {
    progress.end();
  }
}

/** SageMaker makes the folder where the job is to have checkpoints. */
async function containerFolder(
  container: Context<typeof trainOptions>["container"],
): Promise<string | undefined> {
  if (container?.kind !== "training") return undefined;
  try {
    await Deno.stat(container.checkpointFolder);
    return container.checkpointFolder;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function optionsOf(values: Values<typeof trainOptions>): ForestOptions {
  return {
    objective: values.objective,
    trees: values.nEstimators,
    maxDepth: values.maxDepth,
    minSamplesLeaf: values.minSamplesLeaf,
    maxFeatures: values.maxFeatures,
    minSamplesSplit: values.minSamplesSplit,
    minImpurityDecrease: values.minImpurityDecrease,
    ...(values.maxLeafNodes === 0 ? {} : { maxLeafNodes: values.maxLeafNodes }),
    ...(values.maxSamples === "all" ? {} : { maxSamples: values.maxSamples }),
    criterion: values.criterion,
    classWeight: values.classWeight,
    seed: values.seed,
    threads: values.threads === 0 ? navigator.hardwareConcurrency : values.threads,
  };
}

function noOutOfBag(engine: string): UsageError {
  return new UsageError({
    code: "forest.engine-option",
    cannot: `train with --engine ${engine}`,
    found: "it has no oob-score, which is true",
    todo: "Use --engine forest, or leave oob-score at its default",
    place: { option: "oob-score" },
  });
}
