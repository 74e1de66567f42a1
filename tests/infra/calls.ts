/**
 * Every call that the sources make of AWS, and of what IAM guards beside it.
 *
 * @module
 */

/** A call, and where it is made. */
export interface Call {
  readonly file: string;
  /** `s3:PutObject`; of MLflow's API the path, `mlflow:runs/create`. */
  readonly call: string;
}

/** Reads all sources. */
export async function callsInSources(folders: readonly string[]): Promise<Call[]> {
  const calls: Call[] = [];
  for (const folder of folders) {
    for await (const file of sources(folder)) {
      for (const call of callsIn(await Deno.readTextFile(file))) calls.push({ file, call });
    }
  }
  return calls;
}

/** The calls of one text. */
export function callsIn(text: string): string[] {
  const found = new Set<string>();
  const services = [
    ...new Set([...text.matchAll(/@aws-sdk\/client-([a-z0-9-]+)"/g)].map(([, name]) => name)),
  ];
  // Commands of the SDK go with the client of the same import, or of the same file.
  for (const [, command = ""] of text.matchAll(/new (?:[a-z]\w*\.)?([A-Z]\w+)Command\(/g)) {
    const service = services.length === 1 ? services[0] : serviceOf(text, command);
    found.add(`${service}:${command}`);
  }
  for (const [, service, action] of text.matchAll(/\.(sagemaker|logs)\(\s*"([A-Z]\w+)"/g)) {
    found.add(`${service}:${action}`);
  }
  // As scripts/doctor says beside each call.
  for (
    const [, service, action] of text.matchAll(/service: "([a-z0-9]+)",\s*action: "([A-Z]\w+)"/g)
  ) {
    found.add(`${service}:${action}`);
  }
  const paths =
    /["`/](experiments|runs|logged-models|registered-models|model-versions)\/([a-z-]+)\b(?=["?`])/g;
  for (const [, kind, method] of text.matchAll(paths)) found.add(`mlflow:${kind}/${method}`);
  if (/\/logged-models[`/]/.test(text)) found.add("mlflow:logged-models");
  if (/kafka-cluster|generateAuthToken\(/.test(text)) found.add("kafka-cluster");
  return [...found].toSorted();
}

function serviceOf(text: string, command: string): string | undefined {
  const imports = text.matchAll(
    /\{([^{}]*)\}\s*=\s*await import\("@aws-sdk\/client-([a-z0-9-]+)"\)/g,
  );
  for (const [, names = "", service] of imports) {
    if (new RegExp(`\\b${command}Command\\b`).test(names)) return service;
  }
  // Handed over by another file, as in jobs/lib/storage.
  if (/Object|UploadPart|Multipart/.test(command)) return "s3";
  // A whole module: `const sdk = await import(…)`.
  return /sdk = await import\("@aws-sdk\/client-([a-z0-9-]+)"\)/.exec(text)?.[1];
}

async function* sources(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (name.endsWith(".ts") && !name.endsWith("_test.ts")) yield path;
  }
}
