import type { Context } from "../lib/command.ts";
import {
  type Engine,
  forestEngine,
  mlRandomForestEngine,
  type TrainedForest,
} from "../lib/forest/mod.ts";
import { startProgress } from "../lib/progress.ts";
import type { PreparedData } from "./data.ts";
import type { trainOptions } from "./options.ts";

const ENGINES: Readonly<Record<Engine["name"], Engine>> = {
  "forest": forestEngine,
  "ml-random-forest": mlRandomForestEngine,
};

/** A trained forest and how long it took. */
export type FittedForest = TrainedForest & { readonly seconds: number };

/** Trains the forest that the options describe. */
export async function fitForest(
  data: PreparedData,
  { values, log, signal, terminal }: Context<typeof trainOptions>,
): Promise<FittedForest> {
  const progress = startProgress("growing trees", log, terminal);
  const started = performance.now();
  try {
    const trained = await ENGINES[values.engine].train(data.train, {
      objective: values.objective,
      trees: values.nEstimators,
      maxDepth: values.maxDepth,
      minSamplesLeaf: values.minSamplesLeaf,
      maxFeatures: values.maxFeatures,
      classWeight: values.classWeight,
      seed: values.seed,
      threads: values.threads === 0 ? navigator.hardwareConcurrency : values.threads,
    }, { signal, onProgress: ({ trees, of }) => progress.update(trees, of) });
    const seconds = (performance.now() - started) / 1000;
    progress.end();
    log.info("trained", {
      engine: values.engine,
      trees: trained.forest.trees.length,
      rows: data.train.matrix.rows,
      columns: data.train.matrix.columns.length,
      seconds: Number(seconds.toFixed(2)),
    });
    return { ...trained, seconds };
  } finally {
    progress.end();
  }
}
