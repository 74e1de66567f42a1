/**
 * Reads mutated files, one after the other, and says how each ended: `FOLDER FROM TO`.
 *
 * @module
 */
import { openDataset } from "../../../jobs/lib/dataset/mod.ts";
import { PlatformError } from "../../../jobs/lib/errors.ts";
import { print } from "../../../scripts/services/output.ts";
import { mutate, randomOf } from "./mutate.ts";

/** A line of stdout, after the case's beginning was told by its number alone. */
export interface Ending {
  readonly seed: number;
  readonly mutation: string;
  /** `data`, the code of an error of the data, or what else was thrown. */
  readonly ending: string;
  readonly message?: string;
  readonly placed?: boolean;
  readonly milliseconds: number;
  /** Bytes of the process after it. */
  readonly rss: number;
}

/** More than any seed has: a file that claims more is read on no further. */
const ENOUGH_ROWS = 100_000;

if (import.meta.main) {
  const [folder = "", from = "0", to = "0"] = Deno.args;
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) => name.endsWith(".parquet")).sort();
  const seeds = names.map((name) => Deno.readFileSync(`${folder}/${name}`));
  const digests = new Map<Uint8Array, string>();
  const file = Deno.makeTempFileSync({ suffix: ".parquet" });
  for (let seed = Number(from); seed < Number(to); seed++) {
    print(`${seed}`);
    const whole = seeds[seed % seeds.length] ?? new Uint8Array();
    const { name, bytes } = mutate(whole, randomOf(seed));
    Deno.writeFileSync(file, bytes);
    const begin = performance.now();
    const ended = await endingOf(file);
    const ending: Ending = {
      seed,
      mutation: `${name} of ${names[seed % names.length]}`,
      ...ended,
      milliseconds: Math.round(performance.now() - begin),
      rss: Deno.memoryUsage().rss,
    };
    print(JSON.stringify(ending));
    if (ending.ending === "data.decoder-stopped") break;
    if (seed % 10 === 0) {
      // Whatever was broken before, what is whole is read as it is.
      Deno.writeFileSync(file, whole);
      const digest = await digestOf(file);
      if (digest === undefined) break;
      if (digest !== (digests.get(whole) ?? digest)) throw new Error(`${seed}: other data is read`);
      digests.set(whole, digest);
    }
  }
  Deno.removeSync(file);
}

async function endingOf(
  file: string,
): Promise<Pick<Ending, "ending" | "message" | "placed">> {
  try {
    const dataset = await openDataset(file);
    let rows = 0;
    for await (const batch of dataset.batches()) {
      rows += batch.rows;
      if (rows > ENOUGH_ROWS) break;
    }
    return { ending: "data" };
  } catch (error) {
    if (!(error instanceof PlatformError)) return { ending: `thrown: ${Deno.inspect(error)}` };
    const { code, exitCode, message, place } = error;
    if (exitCode !== 3) return { ending: `exit ${exitCode}: ${message}` };
    return { ending: code, message, placed: place.file === file };
  }
}

/** What a file that is whole has; undefined if the process met too many corrupt ones before. */
async function digestOf(file: string): Promise<string | undefined> {
  try {
    return await valuesOf(file);
  } catch (error) {
    if (error instanceof PlatformError && error.code === "data.decoder-stopped") return undefined;
    throw error;
  }
}

async function valuesOf(file: string): Promise<string> {
  const dataset = await openDataset(file);
  const parts: unknown[] = [];
  for await (const batch of dataset.batches()) {
    parts.push(batch.columns.map((column) => ({
      ...column,
      values: "values" in column ? Array.from(column.values, String) : [],
      codes: "codes" in column ? [...column.codes] : [],
      exact: null,
    })));
  }
  return JSON.stringify(parts);
}
