/**
 * The chunks that a bundler makes: which are needed, and names that do not depend on the machine.
 *
 * @module
 */

/** Chunks by file name. */
export type Chunks = ReadonlyMap<string, string>;

/** How chunks name each other, minified or not: `from"./parquet-G46XSVVY.js"`. */
const REFERENCE = /(["'])\.\/([\w.-]+\.js)\1/g;

/**
 * Leaves out what cannot be reached from the entry, and numbers the rest in the order in which it is
 * reached: the bundler's own names are hashes of paths of the machine.
 */
export function settleChunks(chunks: Chunks, entry: string): Map<string, string> {
  const names = new Map([[entry, entry]]);
  const order = [entry];
  for (const name of order) {
    for (const [, , found = ""] of chunks.get(name)?.matchAll(REFERENCE) ?? []) {
      if (!chunks.has(found) || names.has(found)) continue;
      const stem = found.replace(/-[A-Z0-9]{8}\.js$/, "").replace(/\.js$/, "");
      names.set(found, `${stem}-${order.length}.js`);
      order.push(found);
    }
  }
  const rename = (text: string) =>
    text.replace(
      REFERENCE,
      (whole, quote, name) => names.has(name) ? `${quote}./${names.get(name)}${quote}` : whole,
    );
  return new Map(
    order.map((name) => [names.get(name) ?? name, withRequire(rename(chunks.get(name) ?? ""))]),
  );
}

/** Deno gives CommonJS packages their `require("node:…")` in bundles, but misses it in minified ones. */
function withRequire(chunk: string): string {
  return /typeof require<"u"\?require:/.test(chunk)
    ? `import{createRequire as $r}from"node:module";const require=$r(import.meta.url);${chunk}`
    : chunk;
}
