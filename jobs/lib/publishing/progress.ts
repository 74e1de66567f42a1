/**
 * Where a shard begins, and what one transaction may do to its progress.
 *
 * @module
 */
import { DependencyError, FencedError, UsageError } from "../errors.ts";
import type { Progress, ShardIdentity, Transaction } from "./sink.ts";

/** The progress of a shard of which nothing is published. */
export const START: Progress = { row: 0, accepted: 0, dead: 0, done: false };

/**
 * Makes sure that a transaction follows the progress: every row it passes is a message or a dead
 * letter of it. What does not add up must not be published.
 *
 * @throws {RangeError} if it does not; that is a bug of the caller
 */
export function checkTransaction(before: Progress, transaction: Transaction): void {
  const { messages, deadLetters, progress: after } = transaction;
  const adds = after.accepted === before.accepted + messages.length &&
    after.dead === before.dead + deadLetters.length &&
    after.row === before.row + messages.length + deadLetters.length;
  if (adds && !before.done) return;
  throw new RangeError(
    `a transaction of ${messages.length} messages and ${deadLetters.length} dead letters does not ` +
      `lead from ${JSON.stringify(before)} to ${JSON.stringify(after)}`,
  );
}

/** Makes sure that progress belongs to the shard's manifest. @throws {UsageError} if it does not */
export function checkManifest(shard: ShardIdentity, found: string): void {
  if (found === shard.manifest) return;
  throw new UsageError({
    code: "publishing.other-manifest",
    cannot: `resume run ${shard.run}`,
    found: `its progress belongs to manifest ${found}, not to ${shard.manifest}`,
    todo: "Restore the run's manifest, or score as a new run: --run-id NEW --supersedes OLD",
    place: { option: "--run-id" },
  });
}

/** The error of an attempt that lost its shard to another. */
export function fenced(shard: ShardIdentity): FencedError {
  return new FencedError({
    code: "publishing.fenced",
    cannot: `go on with run ${shard.run}, shard ${shard.shard}`,
    found: "another attempt of it has taken over",
    todo: "Leave it to that one; what this one had not committed is dropped",
  });
}

/** The error of a shard that had progress and has none any more. */
export function vanished(shard: ShardIdentity, where: string): DependencyError {
  return new DependencyError({
    code: "publishing.progress-vanished",
    cannot: `go on with run ${shard.run}`,
    found:
      `shard ${shard.shard} has published before, but ${where} has no progress of it: it was ` +
      "deleted, or it expired",
    todo:
      `Give it up and score its inputs as a new run: deno task inference runs abandon ${shard.run}, ` +
      `then deno task inference runs replay ${shard.run}; consumers drop what they have of the run ` +
      "that it supersedes",
  });
}
