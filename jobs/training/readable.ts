import {
  type Batch,
  type Dataset,
  type Finding,
  openDataset,
  problemOf,
  Problems,
  readableBatches,
} from "../lib/dataset/mod.ts";

/** A dataset as far as it can be read. */
export interface Readable {
  /** Of the files that could be opened. */
  readonly dataset: Dataset;
  /** What keeps the others, and those that were read in vain, from being read. */
  readonly problems: Problems;
  /** Reads one file after the other; what is wrong with one ends that file only. */
  batches(): AsyncGenerator<Batch>;
}

/**
 * Opens what can be opened of a dataset.
 *
 * @throws {DataError} if no file can be, or if they do not belong together
 */
export async function openReadable(uri: string): Promise<Readable> {
  const problems = new Problems();
  const dataset = await openDataset(uri, { onProblem: (problem) => problems.add(() => problem) });
  return { dataset, problems, batches: () => readableBatches(dataset, problems) };
}

/** The problems as findings. */
export function problemFindings({ dataset, problems }: Readable): Finding[] {
  const findings = problems.found.map((problem): Finding => {
    const { file, column } = problem.place;
    return {
      severity: "error",
      code: problem.code,
      ...(column === undefined ? {} : { column }),
      ...(file === undefined ? {} : { file }),
      message: problemOf(problem),
      count: dataset.files.find(({ path }) => path === file)?.rows ?? 0,
    };
  });
  if (!problems.full) return findings;
  const message = `there may be more: reading ended after ${findings.length} problems`;
  return [...findings, { severity: "warning", code: "data.not-read", message, count: 0 }];
}
