import assert from "node:assert/strict";
import { contentRange, validatorOf } from "./validators.ts";

const TIME = "Tue, 01 Oct 2013 05:30:00 GMT";

Deno.test("validatorOf() prefers what changes with every content", () => {
  const of = (headers: Record<string, string>) => validatorOf(new Headers(headers));
  assert.deepEqual(of({ etag: '"a"', "last-modified": TIME }), {
    tag: '"a"',
    condition: { "if-match": '"a"' },
  });
  assert.deepEqual(of({ etag: 'W/"a"', "last-modified": TIME }), {
    tag: `W/"a" ${TIME}`,
    condition: { "if-unmodified-since": TIME },
  });
  assert.equal(of({ etag: 'W/"a"' }), undefined);
  assert.equal(of({}), undefined);
});

Deno.test("contentRange() reads what can be, and nothing else", () => {
  const of = (value: string) => contentRange(new Headers({ "content-range": value }));
  assert.deepEqual(of("bytes 0-9/100"), { start: 0, end: 10, total: 100 });
  for (
    const wrong of ["bytes */100", "bytes 0-9/*", "bytes 9-0/100", "bytes 0-100/100", "items 0-1/2"]
  ) {
    assert.equal(of(wrong), undefined, wrong);
  }
});
