import assert from "node:assert/strict";
import fc from "fast-check";
import { cutUtf8 } from "./message.ts";

Deno.test("cutUtf8() gives valid UTF-8 of at most the limit, and all of a short text", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  fc.assert(fc.property(
    fc.string({ unit: "binary", maxLength: 600 }),
    fc.integer({ min: 0, max: 1024 }),
    (text, limit) => {
      const cut = cutUtf8(text, limit);
      assert.ok(cut.length <= limit);
      assert.ok(text.toWellFormed().startsWith(decoder.decode(cut)));
      if (new TextEncoder().encode(text).length <= limit) {
        assert.equal(decoder.decode(cut), text.toWellFormed());
      }
    },
  ));
});
