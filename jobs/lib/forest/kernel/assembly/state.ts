// What an instance works on. Globals of WebAssembly belong to the instance, so each thread has its own.
import {
  OWN_BUFFER_A, OWN_BUFFER_B, OWN_CAPACITY, OWN_COUNTS, OWN_DECREASE, OWN_HISTOGRAMS, OWN_NODE_CAPACITY,
  OWN_NODES, OWN_ORDER, OWN_PENDING, OWN_SUMMARIES, OWN_VALUES, PLAN_BINS, PLAN_BOUNDED, PLAN_CLASSES,
  PLAN_COLUMNS, PLAN_CONTROL, PLAN_ENTROPY, PLAN_KIND, PLAN_LIMITS, PLAN_MAX_DEPTH, PLAN_MAX_FEATURES,
  PLAN_MIN_DECREASE, PLAN_MIN_LEAF, PLAN_MIN_SPLIT, PLAN_RECORDS, PLAN_ROWS, PLAN_SEED, PLAN_STRIDE,
  PLAN_TREES,
} from "../layout";

export let rows: u32 = 0;
export let columns: u32 = 0;
export let stride: usize = 0;
export let kind: u32 = 0;
export let classes: u32 = 0;
export let entropy: bool = false;
export let maxFeatures: u32 = 0;
export let maxDepth: u32 = 0;
export let minLeaf: u32 = 0;
export let minSplit: u32 = 0;
export let trees: u32 = 0;
export let forestSeed: u32 = 0;
export let minDecrease: f64 = 0;
export let records: usize = 0;
export let bins: usize = 0;
export let bounded: usize = 0;
export let limits: usize = 0;
export let control: usize = 0;
/** Values of a leaf. */
export let targets: u32 = 0;

export let bufferA: usize = 0;
export let bufferB: usize = 0;
export let capacity: u32 = 0;
export let nodes: usize = 0;
export let values: usize = 0;
export let nodeCapacity: u32 = 0;
export let pending: usize = 0;
export let histograms: usize = 0;
export let counts: usize = 0;
export let order: usize = 0;
export let decrease: usize = 0;
/** Summary of the node at hand. */
export let total: usize = 0;
/** Summary of what is left. */
export let left: usize = 0;

/** Reads a plan and a thread's addresses. */
export function configure(plan: usize, own: usize): void {
  rows = load<u32>(plan, PLAN_ROWS);
  columns = load<u32>(plan, PLAN_COLUMNS);
  stride = load<u32>(plan, PLAN_STRIDE);
  kind = load<u32>(plan, PLAN_KIND);
  classes = load<u32>(plan, PLAN_CLASSES);
  entropy = load<u32>(plan, PLAN_ENTROPY) != 0;
  maxFeatures = load<u32>(plan, PLAN_MAX_FEATURES);
  maxDepth = load<u32>(plan, PLAN_MAX_DEPTH);
  minLeaf = load<u32>(plan, PLAN_MIN_LEAF);
  minSplit = load<u32>(plan, PLAN_MIN_SPLIT);
  trees = load<u32>(plan, PLAN_TREES);
  forestSeed = load<u32>(plan, PLAN_SEED);
  minDecrease = load<f64>(plan, PLAN_MIN_DECREASE);
  records = load<u32>(plan, PLAN_RECORDS);
  bins = load<u32>(plan, PLAN_BINS);
  bounded = load<u32>(plan, PLAN_BOUNDED);
  limits = load<u32>(plan, PLAN_LIMITS);
  control = load<u32>(plan, PLAN_CONTROL);
  targets = classes > 2 ? classes : 1;
  bufferA = load<u32>(own, OWN_BUFFER_A);
  bufferB = load<u32>(own, OWN_BUFFER_B);
  capacity = load<u32>(own, OWN_CAPACITY);
  nodes = load<u32>(own, OWN_NODES);
  values = load<u32>(own, OWN_VALUES);
  nodeCapacity = load<u32>(own, OWN_NODE_CAPACITY);
  pending = load<u32>(own, OWN_PENDING);
  histograms = load<u32>(own, OWN_HISTOGRAMS);
  counts = load<u32>(own, OWN_COUNTS);
  order = load<u32>(own, OWN_ORDER);
  decrease = load<u32>(own, OWN_DECREASE);
  total = load<u32>(own, OWN_SUMMARIES);
  left = total + 8 * max<u32>(classes, 2);
  for (let column: u32 = 0; column < columns; column++) store<u32>(order + 4 * column, column);
}
