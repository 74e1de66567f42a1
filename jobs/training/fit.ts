import type { Context } from "../lib/command.ts";
import { isNotFound } from "../lib/errors.ts";
import {
  blockFolder,
  type Engine,
  forestEngine,
  type ForestOptions,
  growPart,
  mlRandomForestEngine,
  type OutOfBag,
  outOfBag,
  type TrainedForest,
  type TrainingControl,
} from "../lib/forest/mod.ts";
import type { Values } from "../lib/config.ts";
import { type Progress, startProgress } from "../lib/progress.ts";
import { metricLine } from "../lib/telemetry.ts";
import type { PreparedData } from "./data.ts";
import type { TrainingHost } from "./hosts/mod.ts";
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
 * @param host The first of several that grow it, if there are several.
 * @throws {UsageError} `forest.engine-option` where the engine cannot do what an option says
 */
export async function fitForest(
  data: PreparedData,
  context: Context<typeof trainOptions>,
  host?: TrainingHost,
): Promise<FittedForest> {
  const { values, log, signal, print } = context;
  const options = optionsOf(values);
  const progress = showTrees(data, context);
  const started = performance.now();
  try {
    const control = await controlOf(data, context, progress, host);
    const trained = await ENGINES[values.engine].train(data.train, options, control);
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

/** Grows this host's part of the trees for the first of several. @returns how many they are */
export async function growShare(
  data: PreparedData,
  context: Context<typeof trainOptions>,
  host: TrainingHost,
): Promise<number> {
  const { log, values } = context;
  const progress = showTrees(data, context);
  try {
    const control = await controlOf(data, context, progress, host);
    const trees = await growPart(data.train, optionsOf(values), control);
    log.info("left the trees to the first host", { trees, at: host.store.place });
    return trees;
  } finally {
    progress.end();
  }
}

function showTrees(
  { train: { matrix: { rows } } }: PreparedData,
  { log, terminal }: Pick<Context<typeof trainOptions>, "log" | "terminal">,
): Progress {
  return startProgress("growing trees", log, terminal, { unit: { name: "rows", each: rows } });
}

async function controlOf(
  data: PreparedData,
  { values, log, signal, container }: Context<typeof trainOptions>,
  progress: Progress,
  host: TrainingHost | undefined,
): Promise<TrainingControl> {
  const identity = JSON.stringify(data.schema);
  const folder = values.checkpointDir ?? await containerFolder(container);
  const checkpoints = host !== undefined
    ? { store: host.store, identity, peers: host.peers }
    : folder === undefined
    ? undefined
    : { store: blockFolder(folder), identity };
  return {
    signal,
    onProgress: ({ trees, of, grown: done, toGrow: total }) =>
      progress.update(trees, of, { done, total }),
    onNotice: (notice) => log.warn(notice),
    ...(checkpoints === undefined ? {} : { checkpoints }),
  };
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
