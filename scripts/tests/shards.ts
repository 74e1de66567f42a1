/**
 * Areas shared out over machines.
 *
 * @module
 */
import type { Area } from "./areas.ts";

/** Minutes of the areas that take longer than most, on two cores. */
const MINUTES: Readonly<Record<string, number>> = {
  binaries: 6,
  faults: 3,
  forest: 2,
  images: 4,
  infra: 4,
  mlflow: 5,
  pipelines: 2,
  local_pipelines: 3,
};

/** One of several parts. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** Reads `2/5`. @throws {Error} that says what is needed */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new Error(`--shard is ${JSON.stringify(text)}, and must be like 2/5`);
}

/** The areas of a shard, in their order: the longest first to the shard with least to do. */
export function inShard(areas: readonly Area[], { index, count }: Shard): Area[] {
  const minutes = ({ name }: Area) => MINUTES[name] ?? 1;
  const load = new Array<number>(count).fill(0);
  const own = new Set<Area>();
  for (const area of areas.toSorted((a, b) => minutes(b) - minutes(a))) {
    const least = load.indexOf(Math.min(...load));
    load[least] = (load[least] ?? 0) + minutes(area);
    if (least === index - 1) own.add(area);
  }
  return areas.filter((area) => own.has(area));
}
