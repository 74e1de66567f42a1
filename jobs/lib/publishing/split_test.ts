import assert from "node:assert/strict";
import fc from "fast-check";
import { checkTransaction } from "./progress.ts";
import { PackedMessages } from "./packed.ts";
import type { Message } from "./packed.ts";
import type { Progress, Transaction } from "./sink.ts";
import { splitTransaction } from "./split.ts";

const BEFORE: Progress = { row: 100, accepted: 90, dead: 10, done: false };

Deno.test("splitTransaction() loses no row, keeps their order, and each part adds up", () => {
  const rows = fc.array(fc.record({ dead: fc.boolean(), text: fc.string({ maxLength: 50 }) }));
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 500 }), fc.boolean(), (rows, limit, done) => {
      const all: Message[] = rows.map(({ text }, i) => ({ key: `${i}`, value: text, headers: {} }));
      const dead = all.filter((_, i) => rows[i]?.dead);
      const transaction: Transaction = {
        messages: PackedMessages.of(all.filter((_, i) => !rows[i]?.dead)),
        deadLetters: PackedMessages.of(dead),
        deadRows: rows.flatMap((row, i) => row.dead ? [i] : []),
        progress: {
          row: 100 + all.length,
          accepted: 90 + all.length - dead.length,
          dead: 10 + dead.length,
          done,
        },
      };
      const parts = [...splitTransaction(BEFORE, transaction, limit)];
      let before = BEFORE;
      for (const part of parts) {
        checkTransaction(before, part);
        const first = before.row - 100;
        const keys = [...part.messages, ...part.deadLetters].map(({ key }) => Number(key));
        const expected = Array.from({ length: keys.length }, (_, i) => first + i);
        assert.deepEqual(keys.sort((a, b) => a - b), expected);
        before = part.progress;
      }
      assert.deepEqual(before, transaction.progress);
      assert.deepEqual(parts.flatMap((part) => [...part.messages]), [...transaction.messages]);
      const lost = parts.flatMap((part) => [...part.deadLetters]);
      assert.deepEqual(lost, [...transaction.deadLetters]);
      assert.ok(
        parts.every(({ messages, deadLetters }) =>
          messages.size + deadLetters.size <= limit || messages.length + deadLetters.length === 1
        ),
      );
    }),
  );
});

Deno.test("splitTransaction() leaves whole what is small, and what it cannot cut", () => {
  const message = { key: "k", value: "v".repeat(100), headers: { a: "b" } };
  const progress = { row: 103, accepted: 92, dead: 11, done: true };
  const messages = PackedMessages.of([message, message]);
  const transaction = { messages, deadLetters: PackedMessages.of([message]), progress };
  assert.deepEqual([...splitTransaction(BEFORE, transaction)], [transaction]);
  assert.deepEqual([...splitTransaction(BEFORE, transaction, 10)], [transaction]);
  const cut = [...splitTransaction(BEFORE, { ...transaction, deadRows: [1] }, 10)];
  assert.deepEqual(cut.map(({ progress }) => progress.row), [101, 102, 103]);
  assert.deepEqual(cut.map(({ progress }) => progress.done), [false, false, true]);
});
