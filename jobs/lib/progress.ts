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
  /** Shows that `done` of `total` is done. */
  update(done: number, total: number): void;
  /** Clears the terminal's line. */
  end(): void;
}

/**
 * Starts showing a piece of work.
 *
 * @param label what is done, as in `growing trees`
 * @param terminal whether stderr is a terminal
 * @param write takes what is drawn on the terminal; stderr unless told
 */
export function startProgress(
  label: string,
  log: Log,
  terminal: boolean,
  write: (text: string) => void = writeStderr,
): Progress {
  const started = performance.now();
  let tenths = 0;
  let drawn = 0;
  return {
    update: (done, total) => {
      const fraction = total === 0 ? 1 : done / total;
      if (terminal) {
        // 30 pictures a second are enough for the eye and cheap for the job.
        if (performance.now() - drawn < 33 && done < total) return;
        drawn = performance.now();
        write(
          `${CLEAR_LINE}${bar(fraction)} ${label} ${done}/${total}${remaining(started, fraction)}`,
        );
      } else if (Math.floor(fraction * 10) > tenths) {
        tenths = Math.floor(fraction * 10);
        log.info(label, { done, total });
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

function remaining(started: number, fraction: number): string {
  const seconds = (performance.now() - started) / 1000;
  if (fraction <= 0 || fraction >= 1 || seconds < 1) return "";
  return `, about ${Math.ceil(seconds * (1 - fraction) / fraction)} s left`;
}
