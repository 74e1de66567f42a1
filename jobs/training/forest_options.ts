import { choice, flag, integer, number, type Options, text } from "../lib/config.ts";
import type { MaxFeatures } from "../lib/forest/mod.ts";

/** Hyperparameters of the forest. */
export const forestOptions = {
  engine: {
    about: "Implementation of the forest",
    hint: "forest|ml-random-forest",
    parse: choice("forest", "ml-random-forest"),
    fallback: "forest",
  },
  nEstimators: { about: "Trees", hint: "N", parse: integer(1, 10_000), fallback: "100" },
  maxDepth: {
    about: "Levels of a tree; 0 means no limit",
    hint: "N",
    parse: integer(0, 10_000),
    fallback: "10",
  },
  minSamplesLeaf: {
    about: "Fewest rows in a leaf",
    hint: "N",
    parse: integer(1, 1_000_000_000),
    fallback: "1",
  },
  maxFeatures: {
    about: "Columns that a node looks at: sqrt, log2, all, a fraction below 1 or a count",
    hint: "sqrt|log2|all|X",
    parse: maxFeatures,
    fallback: "sqrt",
  },
  minSamplesSplit: {
    about: "Fewest rows in a node that is split",
    hint: "N",
    parse: integer(2, 1_000_000_000),
    fallback: "2",
  },
  minImpurityDecrease: {
    about: "Least decrease in impurity for which a node is split",
    hint: "X",
    parse: number(0, 1e300),
    fallback: "0",
  },
  maxLeafNodes: {
    about: "Most leaves of a tree, which then grows where it gains most (slower); 0 means no limit",
    hint: "N",
    parse: integer(0, 1_000_000_000),
    fallback: "0",
  },
  maxSamples: {
    about: "Rows that a tree draws: all, a fraction below 1 or a count",
    hint: "all|X",
    parse: maxSamples,
    fallback: "all",
  },
  criterion: {
    about: "What makes a node of classes impure",
    hint: "gini|entropy",
    parse: choice("gini", "entropy"),
    fallback: "gini",
  },
  oobScore: {
    about: "Also score the training rows by the trees that did not draw them (metric oob_score)",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  classWeight: {
    about: "Weight of the classes",
    hint: "none|balanced",
    parse: choice("none", "balanced"),
    fallback: "none",
  },
  seed: {
    about: "Same seed, same data: same forest",
    hint: "N",
    parse: integer(0, 2 ** 32 - 1),
    fallback: "42",
  },
  checkpointDir: {
    about: "Folder that keeps finished trees, so that a training that was stopped goes on; in a " +
      "training container its checkpoints",
    hint: "DIR",
    parse: text(),
  },
  workS3Uri: {
    about:
      "Where the hosts of a training on several leave their trees for the first, and find them " +
      "again: s3://BUCKET/PREFIX, or a folder that all of them have",
    hint: "URI",
    parse: text(),
  },
  hostTimeout: {
    about: "Seconds that the first host waits for a tree of the others before it gives up",
    hint: "SECONDS",
    parse: number(1, 432_000),
    fallback: "1800",
  },
  threads: {
    about: "Threads; 0 means as many as the machine has",
    hint: "N",
    parse: integer(0, 1024),
    fallback: "0",
  },
} satisfies Options;

function maxSamples(value: string): number | "all" {
  if (value === "all") return value;
  const parsed = Number(value);
  if (value.trim() === "" || !(parsed > 0) || (parsed >= 1 && !Number.isInteger(parsed))) {
    throw new Error("it must be all, a fraction between 0 and 1, or a count");
  }
  return parsed;
}

function maxFeatures(value: string): MaxFeatures {
  if (value === "sqrt" || value === "log2" || value === "all") return value;
  const parsed = Number(value);
  if (value.trim() === "" || !(parsed > 0) || (parsed >= 1 && !Number.isInteger(parsed))) {
    throw new Error("it must be sqrt, log2, all, a fraction between 0 and 1, or a count");
  }
  return parsed;
}
