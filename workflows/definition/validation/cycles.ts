import { isObject, listOf } from "./json.ts";
import type { Edge, Scope } from "./scope.ts";

/** Reports steps that wait for each other, each cycle once and where it is written first. */
export function checkCycles(scope: Scope): void {
  const edges = [...scope.edges, ...branchEdges(scope)];
  const targets = Map.groupBy(edges, ({ from }) => from);
  const done = new Set<string>();
  for (const name of scope.steps.keys()) visit(name, []);

  function visit(name: string, path: readonly Edge[]): void {
    if (done.has(name)) return;
    for (const edge of targets.get(name) ?? []) {
      const start = [...path, edge].findIndex(({ from }) => from === edge.to);
      if (start < 0) visit(edge.to, [...path, edge]);
      else report([...path, edge].slice(start));
    }
    done.add(name);
  }

  function report(cycle: readonly Edge[]): void {
    const written = cycle.find(({ path }) => path !== "");
    const names = cycle.map(({ from }) => from);
    if (names.length === 1) scope.report(written?.path ?? "", "a step cannot wait for itself");
    else {
      scope.report(
        written?.path ?? "",
        `steps wait for each other: ${[...names, names[0]].join(" → ")}`,
      );
    }
  }
}

/** What stands in a branch waits for its condition. */
function branchEdges(scope: Scope): Edge[] {
  return [...scope.steps].flatMap(([name, { type, json }]) => {
    const { Arguments } = json;
    if (type !== "Condition" || !isObject(Arguments)) return [];
    return ["IfSteps", "ElseSteps"].flatMap((branch) =>
      listOf(Arguments[branch]).flatMap((step) => {
        const child = isObject(step) ? step["Name"] : undefined;
        return typeof child === "string" ? [{ from: child, to: name, path: "" }] : [];
      })
    );
  });
}
