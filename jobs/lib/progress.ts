/**
 * How far long work is: a line that is drawn over on a terminal, a log line each tenth elsewhere.
 *
 * @module
 */

import type { Log } from "./log.ts";
import { writeStderr } from "./streams.ts";

/** What empties the terminal's line, so that a line of the log never stands behind a bar. */
export const CLEAR_LINE = "\r\x1b[K";

/** Shows one piece of work. */
export interface Progress {
  /**
   * Shows that `done` of `total` is done.
   *
   * @param own The part of it that this process does, if others have a part: decides rate and end.
   */
  update(done: number, total: number, own?: OwnPart): void;
  /** Clears the terminal's line. */
  end(): void;
}

/** What one process does of some work. */
export interface OwnPart {
  /** What it has done. */
  readonly done: number;
  /** What it is to do. */
  readonly total: number;
}

/** How a piece of work is shown. */
export interface ProgressOptions {
  /** What a step is made of, such as rows, and how many: then their rate is shown. */
  readonly unit?: { readonly name: string; readonly each: number };
  /** Takes what is drawn on the terminal; stderr unless told. */
  readonly write?: (text: string) => void;
  /** Milliseconds that only grow. */
  readonly clock?: () => number;
}

/**
 * Starts showing a piece of work: on a terminal a bar, in the log a line each tenth; both with the rate
 * and when it is going to end.
 *
 * @param label what is done, as in `growing trees`
 * @param terminal whether stderr is a terminal
 */
export function startProgress(
  label: string,
  log: Log,
  terminal: boolean,
  { unit, write = writeStderr, clock = () => performance.now() }: ProgressOptions = {},
): Progress {
  const started = clock();
  let tenths = 0;
  let drawn = 0;
  return {
    update: (done, total, own = { done, total }) => {
      const fraction = total === 0 ? 1 : done / total;
      const seconds = (clock() - started) / 1000;
      const rate = unit === undefined || seconds <= 0
        ? undefined
        : Math.round(own.done * unit.each / seconds);
      const left = own.done === 0 ? undefined : seconds * (own.total - own.done) / own.done;
      if (terminal) {
        // 30 pictures a second are enough for the eye and cheap for the job.
        const now = clock();
        if (now - drawn < 33 && done < total) return;
        drawn = now;
        const each = rate === undefined ? "" : `, ${inUnits(rate)} ${unit?.name}/s`;
        const end = seconds >= 1 && left !== undefined && left > 0
          ? `, about ${Math.ceil(left)} s left`
          : "";
        write(`${CLEAR_LINE}${bar(fraction)} ${label} ${done}/${total}${each}${end}`);
      } else if (Math.floor(fraction * 10) > tenths) {
        tenths = Math.floor(fraction * 10);
        log.info(label, {
          done,
          total,
          ...(rate === undefined ? {} : { [`${unit?.name}_per_second`]: rate }),
          ...(left === undefined || left <= 0 ? {} : {
            seconds_left: Math.ceil(left),
            ends_about: new Date(Date.now() + 1000 * left).toISOString(),
          }),
        });
      }
    },
    end: () => {
      if (terminal && drawn > 0) write(CLEAR_LINE);
    },
  };
}

function bar(fraction: number): string {
  const width = 24;
  const full = Math.round(Math.min(1, fraction) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

function inUnits(rate: number): string {
  return rate >= 1e6
    ? `${(rate / 1e6).toFixed(1)}M`
    : rate >= 1e3
    ? `${Math.round(rate / 1e3)}k`
    : `${rate}`;
}
