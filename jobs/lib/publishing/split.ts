/**
 * Transactions of a bearable size.
 *
 * @module
 */
import type { Message, Progress, Transaction } from "./sink.ts";

/** Characters of the messages of a transaction, about: what a broker takes well within its time-out. */
const LIMIT = 8_000_000;

/**
 * Cuts a transaction into several, each of which leads to a progress of its own. One whose dead
 * letters do not say which rows they are (`deadRows`) stays whole, and so does one row.
 */
export function* splitTransaction(
  before: Progress,
  transaction: Transaction,
  limit: number = LIMIT,
): Generator<Transaction> {
  const { messages, deadLetters, deadRows = [], progress } = transaction;
  const whole = messages.reduce((sum, message) => sum + sizeOf(message), 0) +
    deadLetters.reduce((sum, message) => sum + sizeOf(message), 0);
  if (whole <= limit || deadLetters.length !== deadRows.length) return yield transaction;
  let part = emptyPart();
  let { accepted, dead } = before;
  const cut = (done: boolean): Transaction => {
    accepted += part.messages.length;
    dead += part.deadLetters.length;
    const { messages, deadLetters } = part;
    return { messages, deadLetters, progress: { row: accepted + dead, accepted, dead, done } };
  };
  for (let row = 0, m = 0, d = 0; row < messages.length + deadLetters.length; row++) {
    const isDead = deadRows[d] === row;
    const message = isDead ? deadLetters[d++] : messages[m++];
    if (message === undefined) throw new RangeError(`deadRows ${deadRows} are no rows in order`);
    const size = sizeOf(message);
    if (part.size > 0 && part.size + size > limit) {
      yield cut(false);
      part = emptyPart();
    }
    part.size += size;
    (isDead ? part.deadLetters : part.messages).push(message);
  }
  yield cut(progress.done);
}

function emptyPart(): { messages: Message[]; deadLetters: Message[]; size: number } {
  return { messages: [], deadLetters: [], size: 0 };
}

/** What encoding makes of it is never less, and rarely much more. */
function sizeOf({ key, value, headers }: Message): number {
  let size = 16 + key.length + value.length;
  for (const name in headers) size += 4 + name.length + (headers[name]?.length ?? 0);
  return size;
}
