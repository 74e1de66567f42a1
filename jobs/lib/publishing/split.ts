/**
 * Transactions of a bearable size.
 *
 * @module
 */
import type { Progress, Transaction } from "./sink.ts";

/** Bytes of the messages of a transaction: what a broker takes well within its time-out. */
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
  const whole = messages.size + deadLetters.size;
  if (whole <= limit || deadLetters.length !== deadRows.length) return yield transaction;
  // Of messages and dead letters: the first one of the part, and the next one.
  let [firstMessage, firstDead, message, dead, size] = [0, 0, 0, 0, 0];
  const cut = (done: boolean): Transaction => {
    const part = {
      messages: messages.slice(firstMessage, message),
      deadLetters: deadLetters.slice(firstDead, dead),
    };
    [firstMessage, firstDead, size] = [message, dead, 0];
    const accepted = before.accepted + message;
    const lost = before.dead + dead;
    return { ...part, progress: { row: accepted + lost, accepted, dead: lost, done } };
  };
  const rows = messages.length + deadLetters.length;
  for (let row = 0; row < rows; row++) {
    const isDead = deadRows[dead] === row;
    if (!isDead && message === messages.length) {
      throw new RangeError(`deadRows ${deadRows} are no rows in order`);
    }
    const next = isDead ? deadLetters.sizeOf(dead) : messages.sizeOf(message);
    if (size > 0 && size + next > limit) yield cut(false);
    size += next;
    if (isDead) dead++;
    else message++;
  }
  yield cut(progress.done);
}
