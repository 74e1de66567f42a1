/**
 * Draws the graph of a pipeline: what waits for what goes down, what runs at once stands beside.
 *
 * @module
 */
import type { LocalStep } from "./shape.ts";
import type { Dependencies } from "./graph.ts";
import { escape } from "./html.ts";
import type { StepRecord } from "./record.ts";

const BOX = { width: 180, height: 44 };
const GAP = { x: 30, y: 44 };

const COLORS: Readonly<Record<StepRecord["status"], string>> = {
  NotStarted: "#8a8f98",
  Executing: "#2470c2",
  Succeeded: "#2a8238",
  Failed: "#c0392b",
  Stopped: "#b8860b",
  NotChosen: "#c9ccd1",
};

/** The graph as SVG. */
export function graphPicture(
  steps: readonly Pick<LocalStep, "Name" | "Type" | "DisplayName" | "branch">[],
  dependencies: Dependencies,
  records: readonly StepRecord[],
): string {
  const rows = layers(steps.map(({ Name }) => Name), dependencies);
  const widest = Math.max(...rows.map((row) => row.length));
  const width = widest * (BOX.width + GAP.x) - GAP.x + 4;
  const height = rows.length * (BOX.height + GAP.y) - GAP.y + 4;
  const places = new Map<string, { x: number; y: number }>();
  for (const [y, row] of rows.entries()) {
    const indent = (width - row.length * (BOX.width + GAP.x) + GAP.x) / 2;
    for (const [x, name] of row.entries()) {
      places.set(name, { x: indent + x * (BOX.width + GAP.x), y: 2 + y * (BOX.height + GAP.y) });
    }
  }
  const edges = direct(dependencies).map(([from, to]) => edge(places.get(from), places.get(to)));
  const boxes = steps.map((step) => {
    const status = records.find(({ name }) => name === step.Name)?.status ?? "NotStarted";
    return box(step, status, places.get(step.Name) ?? { x: 0, y: 0 });
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" ` +
    `width="${width}" height="${height}" role="img" aria-label="The steps and their order" ` +
    `font-family="system-ui,sans-serif" font-size="14">${edges.join("")}${boxes.join("")}</svg>`;
}

/** Every step one row below the last one that it waits for. */
export function layers(names: readonly string[], dependencies: Dependencies): string[][] {
  const depth = new Map<string, number>();
  const of = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const found = Math.max(-1, ...[...dependencies.get(name) ?? []].map(of)) + 1;
    depth.set(name, found);
    return found;
  };
  const rows: string[][] = [];
  for (const name of names) (rows[of(name)] ??= []).push(name);
  return rows;
}

/** Edges without those that others imply. */
function direct(dependencies: Dependencies): [from: string, to: string][] {
  const reaches = (from: string, to: string): boolean =>
    [...dependencies.get(to) ?? []].some((before) => before === from || reaches(from, before));
  return [...dependencies].flatMap(([to, before]) =>
    [...before]
      .filter((from) => ![...before].some((other) => other !== from && reaches(from, other)))
      .map((from): [string, string] => [from, to])
  );
}

function edge(from = { x: 0, y: 0 }, to = { x: 0, y: 0 }): string {
  const [x1, y1] = [from.x + BOX.width / 2, from.y + BOX.height];
  const [x2, y2] = [to.x + BOX.width / 2, to.y];
  const bend = GAP.y / 2;
  return `<path d="M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}" ` +
    `fill="none" stroke="#8a8f98" stroke-width="1.5"/>`;
}

function box(
  { Name, Type, DisplayName = Name, branch }: Parameters<typeof graphPicture>[0][number],
  status: StepRecord["status"],
  { x, y }: { x: number; y: number },
): string {
  const color = COLORS[status];
  const round = Type === "Condition" ? BOX.height / 2 : 6;
  const dashed = status === "NotChosen" ? ' stroke-dasharray="4 3"' : "";
  const shown = DisplayName.length > 22 ? `${DisplayName.slice(0, 21)}…` : DisplayName;
  const choice = branch === undefined ? "" : branch.when ? "if so" : "if not";
  return `<g><title>${escape(`${Name} (${Type}): ${status}`)}</title>` +
    `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="${round}" ` +
    `fill="${color}22" stroke="${color}" stroke-width="1.5"${dashed}/>` +
    `<text x="${x + BOX.width / 2}" y="${y + 27}" text-anchor="middle" fill="currentColor">` +
    `${escape(shown)}</text>` +
    (choice === "" ? "" : `<text x="${x + 6}" y="${y - 4}" font-size="11" fill="#8a8f98">` +
      `${choice}</text>`) +
    `</g>`;
}
