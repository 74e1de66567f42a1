/**
 * Small data whose flaws are known, as parquet.
 *
 * @module
 */
import { parquetWriteBuffer } from "hyparquet-writer";

/** Rows of a made-up shop: the amount decides, mostly, whether something is sent back. */
export interface Shop {
  readonly rows: number;
  readonly seed: number;
  /** Amounts of these rows are -1, which no rule allows. */
  readonly negative?: readonly number[];
  /** Added to every amount. */
  readonly shift?: number;
}

/** Writes a file of them, without a label if told. */
export async function shop(
  file: string,
  { rows, seed, negative = [], shift = 0 }: Shop,
  labelled = true,
): Promise<string> {
  let state = seed;
  const random = () => (state = Math.imul(state, 1664525) + 1013904223 >>> 0) / 2 ** 32;
  const amounts: number[] = [];
  const returned: boolean[] = [];
  const shops: string[] = [];
  const days: Date[] = [];
  for (let row = 0; row < rows; row++) {
    const amount = 5 + 90 * random() + shift;
    amounts.push(negative.includes(row) ? -1 : amount);
    returned.push(random() < (amount > 50 ? 0.8 : 0.2));
    shops.push(`shop ${Math.floor(12 * random())}`);
    days.push(new Date(Date.UTC(2026, 0, 1 + Math.floor(row * 60 / rows), row % 24)));
  }
  const columnData = [
    { name: "id", data: amounts.map((_, row) => `${seed}-${row}`), type: "STRING" as const },
    { name: "amount", data: amounts, type: "DOUBLE" as const },
    { name: "shop", data: shops, type: "STRING" as const },
    { name: "at", data: days, type: "TIMESTAMP" as const },
    ...labelled ? [{ name: "returned", data: returned, type: "BOOLEAN" as const }] : [],
  ];
  await Deno.writeFile(file, new Uint8Array(parquetWriteBuffer({ columnData })));
  return file;
}

/** Rules that somebody wrote for it: an amount is never below 0. */
export const RULES = {
  version: 0,
  features: [
    {
      name: "amount",
      inferred_type: "Fractional",
      kind: "number",
      completeness: 1,
      num_constraints: { minimum: 0 },
    },
    { name: "shop", inferred_type: "String", string_constraints: { pattern: "shop \\d+" } },
    { name: "at", inferred_type: "Integral", kind: "timestamp" },
  ],
};

/** A folder with the rules in it. */
export async function workplace(): Promise<{ folder: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "validation-" });
  await Deno.writeTextFile(`${folder}/constraints.json`, JSON.stringify(RULES));
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** The lines of a file of NDJSON, parsed. */
export async function linesOf(file: string): Promise<Record<string, unknown>[]> {
  return (await Deno.readTextFile(file)).trimEnd().split("\n").map((line) => JSON.parse(line));
}
