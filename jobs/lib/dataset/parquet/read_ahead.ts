/**
 * Fetches what will be read next while what was read is worked on: several parts at once, since one
 * connection to an object store is slow, and no more than is worth its memory.
 *
 * @module
 */

/** Bytes from `start` up to `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How much to fetch ahead. */
export interface ReadAheadOptions {
  /** Bytes of a part, which is one request. */
  readonly part?: number;
  /** Bytes that are fetched before they are asked for. */
  readonly ahead?: number;
  /** Requests at once. */
  readonly atOnce?: number;
  /** Bytes between two ranges that are cheaper to fetch than to ask twice. */
  readonly gap?: number;
}

interface Part extends Range {
  /** Which of the plan's groups it is of. */
  readonly group: number;
  /** Bytes of it that were not read yet. */
  left: number;
  bytes?: Promise<ArrayBuffer> | undefined;
}

/** Reads of a plan; see the module's description. */
export class ReadAhead {
  readonly #fetch: (start: number, end: number) => Promise<ArrayBuffer>;
  readonly #ahead: number;
  readonly #atOnce: number;
  readonly #parts: Part[];
  readonly #running = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];

  /**
   * @param fetch asks for bytes
   * @param plan what is going to be read: groups one after the other, the ranges of a group in any order
   */
  constructor(
    fetch: (start: number, end: number) => Promise<ArrayBuffer>,
    plan: readonly (readonly Range[])[],
    { part = 8 * 2 ** 20, ahead = 32 * 2 ** 20, atOnce = 8, gap = 2 ** 13 }: ReadAheadOptions = {},
  ) {
    this.#fetch = fetch;
    this.#ahead = ahead;
    this.#atOnce = atOnce;
    this.#parts = plan.flatMap((ranges, group) =>
      joined(ranges, gap).flatMap((range) =>
        cut(range, part).map((each) => ({ ...each, group, left: each.end - each.start }))
      )
    );
  }

  /** Bytes of the plan, each of which is read once; any others are fetched at once. */
  async read(start: number, end: number): Promise<ArrayBuffer> {
    const needed = this.#parts.filter((part) => part.start < end && part.end > start);
    const [first] = needed, last = needed.at(-1);
    if (!first || !last || first.start > start || last.end < end || !adjoining(needed)) {
      return await this.#fetch(start, end);
    }
    const fetched = needed.map((part) => this.#begin(part));
    this.#goOn(last);
    const whole = new Uint8Array(end - start);
    for (const [i, part] of needed.entries()) {
      const bytes = new Uint8Array(await fetched[i] ?? new ArrayBuffer(0));
      const from = Math.max(start, part.start), to = Math.min(end, part.end);
      whole.set(bytes.subarray(from - part.start, to - part.start), from - start);
      part.left -= to - from;
      if (part.left <= 0) part.bytes = undefined;
    }
    this.#forget(first.group);
    return whole.buffer;
  }

  /** Waits for what is on its way. */
  async idle(): Promise<void> {
    this.#waiting.length = 0;
    await Promise.allSettled(this.#running);
  }

  /** Begins what comes after a part. */
  #goOn(last: Part): void {
    let ahead = 0;
    for (const part of this.#parts.slice(this.#parts.indexOf(last) + 1)) {
      ahead += part.end - part.start;
      if (ahead > this.#ahead) return;
      // What fails is told where it is read.
      this.#begin(part).catch(() => {});
    }
  }

  #begin(part: Part): Promise<ArrayBuffer> {
    return part.bytes ??= this.#limited(() => this.#fetch(part.start, part.end));
  }

  async #limited(fetch: () => Promise<ArrayBuffer>): Promise<ArrayBuffer> {
    if (this.#running.size >= this.#atOnce) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const running = fetch();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
      this.#waiting.shift()?.();
    }
  }

  /** Drops the groups before one. */
  #forget(group: number): void {
    const kept = this.#parts.findIndex((part) => part.group >= group);
    this.#parts.splice(0, Math.max(0, kept));
  }
}

function joined(ranges: readonly Range[], gap: number): Range[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && start - last.end <= gap) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

function cut({ start, end }: Range, size: number): Range[] {
  const count = Math.max(1, Math.ceil((end - start) / size));
  return Array.from({ length: count }, (_, i) => ({
    start: start + i * size,
    end: Math.min(end, start + (i + 1) * size),
  }));
}

function adjoining(parts: readonly Range[]): boolean {
  return parts.every((part, i) => i === 0 || parts[i - 1]?.end === part.start);
}
