/**
 * Where things are in the kernel's memory. Plain numbers: both the kernel (AssemblyScript) and the
 * code around it (TypeScript) are compiled with this file.
 *
 * @module
 */

/** What a record ends with: two bytes weight, two bytes weight in the second class. */
export const BINARY = 0;
/** What a record ends with: class, weight. */
export const CLASSES = 1;
/** What a record ends with: value (float64), weight. */
export const REGRESSION = 2;

/** Bytes that a record of each kind ends with. */
export const BINARY_BYTES = 4;
/** See {@linkcode CLASSES}. */
export const CLASSES_BYTES = 8;
/** See {@linkcode REGRESSION}. */
export const REGRESSION_BYTES = 12;

// The plan: 32-bit words, one after the other, at a multiple of 8.
/** Rows of the training set. */
export const PLAN_ROWS = 0;
/** Columns of the matrix. */
export const PLAN_COLUMNS = 4;
/** Bytes of a record, a multiple of 16. */
export const PLAN_STRIDE = 8;
/** BINARY, CLASSES or REGRESSION. */
export const PLAN_KIND = 12;
/** Number of classes; 0 for regression. */
export const PLAN_CLASSES = 16;
/** 1 for entropy. */
export const PLAN_ENTROPY = 20;
/** Columns a node looks at. */
export const PLAN_MAX_FEATURES = 24;
/** Levels below the root; 0 means no limit. */
export const PLAN_MAX_DEPTH = 28;
/** Least rows on a side. */
export const PLAN_MIN_LEAF = 32;
/** Least rows of a node that is split. */
export const PLAN_MIN_SPLIT = 36;
/** Trees in the forest. */
export const PLAN_TREES = 40;
/** The forest's seed. */
export const PLAN_SEED = 44;
/** Least decrease in impurity, float64. */
export const PLAN_MIN_DECREASE = 48;
/** The training set's records. */
export const PLAN_RECORDS = 56;
/** Per column a byte: bins, without that of missing. */
export const PLAN_BINS = 60;
/** Per column a byte: 0 if +Infinity occurs. */
export const PLAN_BOUNDED = 64;
/** 13 limits of the Poisson distribution. */
export const PLAN_LIMITS = 68;
/** A word that becomes 1 when all shall stop, a word with the next tree's number. */
export const PLAN_CONTROL = 72;
/** Bytes of the plan. */
export const PLAN_BYTES = 80;

// What each thread has of its own: addresses, 32-bit words.
/** Records of the tree's rows, twice: a level is read from one and written to the other. */
export const OWN_BUFFER_A = 0;
/** See {@linkcode OWN_BUFFER_A}. */
export const OWN_BUFFER_B = 4;
/** Records that fit a buffer. */
export const OWN_CAPACITY = 8;
/** Nodes: the left child (0 in a leaf), then `column << 9 | missing left << 8 | bin`. */
export const OWN_NODES = 12;
/** Values of the nodes, float32. */
export const OWN_VALUES = 16;
/** Nodes that fit. */
export const OWN_NODE_CAPACITY = 20;
/** Pending nodes, {@linkcode PENDING_BYTES} each. */
export const OWN_PENDING = 24;
/** Histograms, zero between nodes. */
export const OWN_HISTOGRAMS = 28;
/** 256 numbers of rows. */
export const OWN_COUNTS = 32;
/** The order of the columns, and the swaps in it: 32 bits each. */
export const OWN_ORDER = 36;
/** Decrease in impurity per column, float64. */
export const OWN_DECREASE = 40;
/** Summaries: of the node, of what is left. */
export const OWN_SUMMARIES = 44;
/** Bytes of a thread's addresses. */
export const OWN_BYTES = 48;

/** Node, first record, records, level, seed, buffer and direction, weight, weight in class two. */
export const PENDING_BYTES = 32;
/** Bytes of a node. */
export const NODE_BYTES = 8;
/** Codes of a column: 0 for missing, 255 bins. */
export const CODES = 256;
/** Columns whose histograms of a node are there at the same time, at most. */
export const MOST_COLUMNS = 8;
