/**
 * Growing a forest with the kernel: lays out the memory, writes the records, and lets the threads take
 * trees until there are none left. Which thread grows which tree does not show in the tree.
 *
 * @module
 */

import { poissonLimits } from "../bootstrap.ts";
import { breathe } from "../breathe.ts";
import { fingerprintOf, TreeKeeper } from "../checkpoint/mod.ts";
import { countFeatures, drawsPerRow } from "../counts.ts";
import { DataError, messageOf } from "../../errors.ts";
import type { ForestOptions, Peers, TrainingControl, TrainingSet, Tree } from "../forest.ts";
import { SizeWatch } from "../size.ts";
import { rowWeights } from "../weights.ts";
import { Grower, type GrowerSetup, TREE_TOO_LARGE } from "./grower.ts";
import { type GrownTree, toTree } from "./grown_tree.ts";
import { createKernel } from "./kernel.ts";
import * as at from "./layout.ts";
import { layOut, type Shape, type TrainingMemory } from "./memory.ts";
import { kernelBytes, kernelModule } from "./module.ts";
import { writeRecords } from "./records.ts";
import type { TreeWorker } from "./workers.ts";

/** Rows times trees from which a second thread is worth its start. */
const WORTH_WORKERS = 1_000_000;

/** A tree, and per column how much its splits lowered the weighted impurity. */
export interface TreeWithDecrease {
  readonly tree: Tree;
  readonly decrease: Float64Array;
}

/**
 * Grows the trees of a forest; bit by bit those of {@linkcode trainReference}. With peers it grows this
 * process's part of them, and process 0 takes those of the others from the store.
 *
 * @param set Checked; `options.maxLeafNodes` is not looked at.
 * @returns The trees in the order of their numbers; for a process other than 0, its own.
 * @throws {DataError} `forest.too-large` if data or trees do not fit the kernel's memory.
 * @throws {UsageError} `model.too-large` if its file is going to be.
 */
export async function growForest(
  set: TrainingSet,
  options: ForestOptions,
  control: TrainingControl,
): Promise<TreeWithDecrease[]> {
  const { signal, onProgress, onNotice, checkpoints } = control;
  const peers = checkpoints?.peers;
  const weights = rowWeights(set, options.classWeight);
  const shape = shapeOf(set, options, weights !== undefined);
  const keeper = await keeperOf(set, options, control);
  const there = await keeper?.load() ?? new Map<number, GrownTree>();
  const numbers = Array.from({ length: shape.trees }, (_, i) => i);
  const mine = numbers.filter((i) => peers === undefined || i % peers.count === peers.index);
  const wanted = mine.filter((i) => !there.has(i));
  const leads = peers === undefined || peers.index === 0;
  const of = leads ? shape.trees : mine.length;
  const worthIt = shape.rows * wanted.length >= WORTH_WORKERS;
  const training = layOut(shape, worthIt ? Math.min(options.threads, wanted.length) : 1);
  const workers = await startWorkers(training.threads.length - 1, onNotice);
  try {
    const module = kernelModule(training.memory);
    const kernel = createKernel(module, training.memory);
    const seed = options.seed;
    const records = { kind: shape.kind, seed, weights, signal };
    const edges = await writeRecords(kernel, training, set, records);
    writePlan(training, shape, options, wanted);

    const { memory, shared } = training;
    const { targets } = shape;
    const sizes = { count: wanted.length, targets, columns: shape.columns };
    const setup = { module, memory, plan: shared.plan, control: shared.control, ...sizes };
    const grown = new Map<number, TreeWithDecrease>();
    const size = new SizeWatch(shape.trees, targets, control);
    let ownDone = 0;
    const take = (tree: GrownTree) => {
      if (grown.has(tree.number)) return;
      if (!leads && tree.number % peers.count !== peers.index) return;
      grown.set(tree.number, { tree: toTree(tree, edges), decrease: tree.decrease });
      size.add(tree.values.length / targets);
      onProgress?.({ trees: grown.size, of, grown: ownDone, toGrow: wanted.length });
    };
    for (const tree of there.values()) take(tree);
    const onTree = (tree: GrownTree) => {
      ownDone++;
      keeper?.keep(tree);
      take(tree);
    };
    const [own, ...others] = training.threads.map((place): GrowerSetup => ({ ...setup, place }));
    const parts = others.map((part, i) => (workers[i] as TreeWorker).grow(part, onTree));
    const here = growHere(new Grower(own as GrowerSetup, kernel), onTree, signal);
    await orAborted(Promise.all([...parts, here]), signal);
    if (peers !== undefined) {
      await keeper?.flush();
      if (!leads) keeper?.requireKept();
      else await orAborted(collect(peers, keeper, () => shape.trees - grown.size, take), signal);
    }
    return numbers.flatMap((number) => grown.get(number) ?? []);
  } catch (error) {
    throw messageOf(error).includes(TREE_TOO_LARGE) ? treeTooLarge() : error;
  } finally {
    // Whoever still grows then stops by itself; a worker may be in the middle of a stretch.
    Atomics.store(new Int32Array(training.memory.buffer, training.shared.control, 1), 0, 1);
    for (const worker of workers) worker.terminate();
    await keeper?.flush();
  }
}

/** Takes the trees of the others until there are none missing. */
async function collect(
  peers: Peers,
  keeper: TreeKeeper | undefined,
  missing: () => number,
  take: (tree: GrownTree) => void,
): Promise<void> {
  while (missing() > 0) {
    for (const tree of (await keeper?.more())?.values() ?? []) take(tree);
    if (missing() > 0) await peers.wait(missing());
  }
}

async function keeperOf(
  set: TrainingSet,
  options: ForestOptions,
  { checkpoints, onNotice }: TrainingControl,
): Promise<TreeKeeper | undefined> {
  if (checkpoints === undefined) return undefined;
  const fingerprint = await fingerprintOf(set, options, kernelBytes, checkpoints.identity);
  await checkpoints.peers?.begin(fingerprint.toHex());
  return new TreeKeeper(checkpoints, fingerprint, onNotice);
}

async function growHere(
  grower: Grower,
  onTree: (tree: GrownTree) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (!grower.done) {
    await breathe(signal);
    const tree = grower.next();
    if (tree !== undefined) onTree(tree);
  }
}

/** Waits for work, or until it is to stop. */
async function orAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    await Promise.race([work, aborted.promise]);
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Imported only here: what imports this file must not need the permissions of a worker. */
async function startWorkers(
  count: number,
  onNotice: TrainingControl["onNotice"],
): Promise<TreeWorker[]> {
  if (count <= 0) return [];
  const { startWorker } = await import("./workers.ts");
  const onFailure = (reason: string) => onNotice?.(`training with a thread less: ${reason}`);
  return Array.from({ length: count }, () => startWorker(onFailure));
}

function shapeOf(set: TrainingSet, options: ForestOptions, weighted: boolean): Shape {
  const { matrix: { rows, columns }, classes } = set;
  const binary = classes === 2 && !weighted && options.criterion !== "entropy";
  return {
    rows,
    columns: columns.length,
    classes,
    kind: classes === 0 ? at.REGRESSION : binary ? at.BINARY : at.CLASSES,
    targets: classes > 2 ? classes : 1,
    maxDepth: options.maxDepth,
    draws: drawsPerRow(options.maxSamples, rows),
    trees: options.trees,
  };
}

function writePlan(
  { memory: { buffer }, shared }: TrainingMemory,
  shape: Shape,
  options: ForestOptions,
  wanted: readonly number[],
): void {
  const view = new DataView(buffer, shared.plan, at.PLAN_BYTES);
  const set = (offset: number, value: number) => view.setUint32(offset, value, true);
  set(at.PLAN_ROWS, shape.rows);
  set(at.PLAN_COLUMNS, shape.columns);
  set(at.PLAN_STRIDE, shared.stride);
  set(at.PLAN_KIND, shape.kind);
  set(at.PLAN_CLASSES, shape.classes);
  set(at.PLAN_ENTROPY, options.criterion === "entropy" ? 1 : 0);
  set(at.PLAN_MAX_FEATURES, countFeatures(options.maxFeatures, shape.columns));
  set(at.PLAN_MAX_DEPTH, options.maxDepth);
  // Twice as much must not overflow; no node has so many rows.
  set(at.PLAN_MIN_LEAF, Math.min(options.minSamplesLeaf, 2 ** 30));
  set(at.PLAN_MIN_SPLIT, Math.min(options.minSamplesSplit ?? 2, 2 ** 30));
  set(at.PLAN_TREES, options.trees);
  set(at.PLAN_SEED, options.seed);
  view.setFloat64(at.PLAN_MIN_DECREASE, options.minImpurityDecrease ?? 0, true);
  set(at.PLAN_RECORDS, shared.records);
  set(at.PLAN_BINS, shared.bins);
  set(at.PLAN_BOUNDED, shared.bounded);
  set(at.PLAN_LIMITS, shared.limits);
  set(at.PLAN_CONTROL, shared.control);
  new Uint32Array(buffer, shared.limits, 13).set(poissonLimits(shape.draws));
  new Uint32Array(buffer, shared.control + 8, wanted.length).set(wanted);
}

function treeTooLarge(): DataError {
  return new DataError({
    code: "forest.too-large",
    cannot: "train the forest",
    found: "a single tree has more nodes than fit 256 MiB",
    todo: "Limit --max-depth, or raise --min-samples-leaf",
  });
}
