/** How the sources hang together. */

import assert from "node:assert/strict";

const ROOT = new URL("..", import.meta.url);
const FOLDERS = ["jobs", "workflows", "scripts", "tests", "bench", "examples"];

const imports = await importsOf(await sourceFiles());
assert.ok(imports.size > 500, `${imports.size} files`);

Deno.test("no files import each other, be it for a type only", () => {
  assert.deepEqual(circles(imports), []);
});

Deno.test("a package of jobs/lib is entered by its mod.ts, and nothing in jobs imports a job", () => {
  const within = (pattern: RegExp, file: string) => pattern.exec(file)?.[0];
  const isWrong = (from: string, to: string) => {
    const [job, lib] = [within(/^jobs\/(?!lib\/)\w+\//, to), within(/^jobs\/lib\/\w+\//, to)];
    if (job !== undefined) return from.startsWith("jobs/") && !from.startsWith(job);
    const isOutside = /^(jobs|workflows|scripts)\//.test(from) && !from.startsWith(`${lib}`);
    return lib !== undefined && isOutside && to !== `${lib}mod.ts`;
  };
  const wrong = [...imports].flatMap(([from, files]) =>
    files.filter((to) => isWrong(from, to)).map((to) => `${from} imports ${to}`)
  );
  assert.deepEqual(wrong, []);
});

Deno.test("circles() finds each circle, and nothing else", () => {
  const graph = new Map(
    Object.entries({ a: ["b", "d"], b: ["c"], c: ["a", "d"], d: [], e: ["e"] }),
  );
  assert.deepEqual(circles(graph), [["a", "b", "c"], ["e"]]);
});

/** URLs of all sources but those of AssemblyScript. */
async function sourceFiles(): Promise<string[]> {
  const files: string[] = [];
  const walk = async (folder: URL): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory && name !== "assembly") await walk(new URL(`${name}/`, folder));
      else if (name.endsWith(".ts")) files.push(new URL(name, folder).href);
    }
  };
  for (const folder of FOLDERS) await walk(new URL(`${folder}/`, ROOT));
  return files;
}

/** What each file of ours imports of ours, code and types. */
async function importsOf(files: readonly string[]): Promise<Map<string, string[]>> {
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(entry, files.map((url) => `import "${url}";\n`).join(""));
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", `--config=${new URL("deno.json", ROOT).pathname}`, entry],
  }).output();
  await Deno.remove(entry);
  assert.ok(success, new TextDecoder().decode(stderr));
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const isOurs = (url: string | undefined): url is string => url?.startsWith(ROOT.href) ?? false;
  return new Map(
    modules.filter(({ specifier }) => isOurs(specifier))
      .map(({ specifier, dependencies = [] }) => [
        specifier.replace(ROOT.href, ""),
        dependencies.flatMap(({ code, type }) => [code?.specifier, type?.specifier])
          .filter(isOurs).map((url) => url.replace(ROOT.href, "")),
      ]),
  );
}

/** Of what `deno info --json` says. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly type?: { readonly specifier?: string };
  }[];
}

/**
 * The groups of nodes that reach each other, sorted.
 *
 * @see Tarjan: Depth-first search and linear graph algorithms, 1972
 */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const open: string[] = [];
  /** The lowest place in `order` of what is open and can be reached. */
  const visit = (node: string): number => {
    const own = order.size;
    order.set(node, own);
    open.push(node);
    let lowest = own;
    for (const next of graph.get(node) ?? []) {
      const known = order.get(next);
      if (known === undefined) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, known);
    }
    if (lowest === own) {
      const group = open.splice(open.indexOf(node)).sort();
      if (group.length > 1 || graph.get(node)?.includes(node)) found.push(group);
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found.sort((a, b) => `${a[0]}` < `${b[0]}` ? -1 : 1);
}
