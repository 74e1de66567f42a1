import { dirname, join } from "node:path";
import type { Context } from "../lib/command.ts";
import { type Artifact, writeBundle } from "../lib/mlflow/mod.ts";
import { CARD_FILE } from "./evaluation_file.ts";
import { claimFolders, guarded, writeText } from "./folders.ts";
import type { trainOptions } from "./options.ts";
import { QUARANTINE_FILE, quarantineFile } from "./quarantine.ts";
import { type Report, REPORT_FILE } from "./report.ts";

/** Where a training leaves its results. */
export interface Output {
  /** The model bundle. */
  readonly modelFolder: string;
  /** The evaluation report. */
  readonly evaluationFile: string;
  /** The page about it. */
  readonly reportFile: string;
  /** Writes the bundle; an older one is replaced only when the new one is complete. */
  writeModel(files: readonly Artifact[]): Promise<void>;
  /** Writes the rows that were put aside; an older file goes, whether there are rows or not. */
  writeQuarantine(lines: string): Promise<void>;
  /** Writes `evaluation.json` likewise, and the report beside it. */
  writeEvaluation(content: Readonly<Record<string, unknown>>, report?: Report): Promise<void>;
}

/** SageMaker's folders in a training container, unless `--output` says otherwise. */
export function outputOf(context: Context<typeof trainOptions>): Output {
  const { values, sources, container } = context;
  const sagemaker = container?.kind === "training" && sources.output === "default"
    ? container
    : undefined;
  const modelFolder = sagemaker?.modelFolder ?? join(values.output, "model");
  const evaluationFile = join(sagemaker?.outputFolder ?? values.output, "evaluation.json");
  return {
    modelFolder,
    evaluationFile,
    reportFile: join(dirname(evaluationFile), REPORT_FILE),
    writeModel: (files) => guarded(modelFolder, () => writeBundle(modelFolder, files)),
    writeQuarantine: (lines) => writeQuarantine(dirname(evaluationFile), lines),
    writeEvaluation: (content, report) => writeEvaluation(evaluationFile, content, report),
  };
}

/**
 * Writes `evaluation.json`, and page and card beside it.
 *
 * @throws {DependencyError} `output.not-writable`
 */
export async function writeEvaluation(
  file: string,
  content: Readonly<Record<string, unknown>>,
  report?: Report,
): Promise<void> {
  if (report !== undefined) {
    await writeText(join(dirname(file), REPORT_FILE), report.page);
    await writeText(join(dirname(file), CARD_FILE), report.card);
  }
  await writeText(file, JSON.stringify(content, null, 2) + "\n");
}

/** Writes `quarantine.ndjson`. @throws {DependencyError} `output.not-writable` */
async function writeQuarantine(folder: string, lines: string): Promise<void> {
  await guarded(join(folder, QUARANTINE_FILE), async () => {
    await using file = await quarantineFile(folder);
    await file.write(lines);
    await file.close();
  });
}

/**
 * Makes sure that the output can be written, before hours are spent on what goes there.
 *
 * @throws {DependencyError} `output.not-writable`
 */
export async function claimOutput(output: Output): Promise<void> {
  const { evaluationFile, modelFolder } = output;
  await claimFolders(dirname(evaluationFile));
  const beside = dirname(modelFolder);
  if (beside === dirname(evaluationFile)) return;
  try {
    await claimFolders(beside);
  } catch (error) {
    // SageMaker's /opt/ml is root's: there the model's own folder has to do.
    if (!(await Deno.stat(modelFolder).catch(() => undefined))?.isDirectory) throw error;
    await claimFolders(modelFolder);
  }
}
