import assert from "node:assert/strict";
import fc from "fast-check";
import { Download } from "./download.ts";

/** What a server has, and which server it is: whether it gives ranges, whether it tells sizes. */
interface Served {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly tag: string | undefined;
  readonly ranges: boolean;
}

/** Answers as RFC 9110 has it, and breaks off after some bytes. */
function answerTo(
  headers: Readonly<Record<string, string>>,
  { content, tag, ranges }: Served,
  cutAfter = Infinity,
): Response {
  const asked = Number(/^bytes=(\d+)-$/.exec(headers["range"] ?? "")?.[1] ?? NaN);
  const inPart = ranges && !Number.isNaN(asked) && headers["if-range"] === tag;
  const from = inPart ? asked : 0;
  const told = tag === undefined ? {} : { etag: tag };
  if (from > 0 && from >= content.length) return new Response(null, { status: 416 });
  const rest = content.subarray(from);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const sent = rest.subarray(0, cutAfter);
      for (let at = 0; at < sent.length; at += 7) controller.enqueue(sent.slice(at, at + 7));
      if (sent.length === rest.length) controller.close();
    },
    pull: (controller) => controller.error(new Error("connection reset")),
  });
  const range = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
  return inPart
    ? new Response(body, { status: 206, headers: { ...told, ...range } })
    : new Response(body, { headers: told });
}

const CONTENT = fc.uint8Array({ minLength: 1, maxLength: 200 })
  .map((bytes) => new Uint8Array(bytes));

Deno.test("a download gives one content, wherever it broke off and whatever it was replaced by", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(CONTENT, { minLength: 1, maxLength: 3 }),
      fc.array(fc.record({ cut: fc.nat(200), replace: fc.boolean() }), { maxLength: 8 }),
      fc.record({ ranges: fc.boolean(), tags: fc.constantFrom("strong", "weak", "none") }),
      async (contents, breaks, { ranges, tags }) => {
        const download = new Download();
        let now = 0;
        const served = (): Served => {
          const quoted = `"${now}"`;
          const tag = { strong: quoted, weak: `W/${quoted}`, none: undefined }[tags];
          return { content: contents[now] ?? new Uint8Array(), tag, ranges };
        };
        for (const { cut, replace } of [...breaks, { cut: Infinity, replace: false }]) {
          const answer = answerTo(download.headers(), served(), cut);
          const whole = await download.take(answer).catch(() => undefined);
          if (whole !== undefined) return assert.deepEqual(whole, served().content);
          if (replace && now + 1 < contents.length) now++;
        }
        const last = await download.take(answerTo(download.headers(), served()));
        assert.deepEqual(last, served().content);
      },
    ),
  );
});

Deno.test("a download asks for the rest only, and counts what it has gained", async () => {
  const content = crypto.getRandomValues(new Uint8Array(100));
  const served = { content, tag: '"a"', ranges: true };
  const download = new Download(100);
  assert.equal(download.headers()["range"], undefined);
  await assert.rejects(download.take(answerTo(download.headers(), served, 30)), /reset/);
  const { range, "if-range": ifRange } = download.headers();
  assert.deepEqual([range, ifRange, download.furthest], ["bytes=30-", '"a"', 30]);
  // Overload says nothing of the file.
  assert.equal(await download.take(new Response(null, { status: 503 })), undefined);
  assert.equal(download.headers()["range"], "bytes=30-");
  assert.deepEqual(await download.take(answerTo(download.headers(), served)), content);
});

Deno.test("a download is not taken for whole unless it has the size that was told", async () => {
  const content = new Uint8Array(100);
  const served = { content, tag: undefined, ranges: false };
  await assert.rejects(new Download(101).take(answerTo({}, served)), /100 of 101 bytes came/);
  await assert.rejects(new Download(99).take(answerTo({}, served)), /more than its 99 bytes/);
  assert.deepEqual(await new Download(0).take(new Response("")), new Uint8Array());
});

Deno.test("a part that another content has is refused, even if the server thinks it is the same", async () => {
  const part = (range: string, etag = '"a"') =>
    new Response("56789", { status: 206, headers: { etag, "content-range": `bytes ${range}` } });
  for (const wrong of [part("5-9/10", '"b"'), part("4-8/10"), part("5-9/11"), part("5-9/*")]) {
    const download = new Download(10);
    const begun = { content: new TextEncoder().encode("0123456789"), tag: '"a"', ranges: true };
    await assert.rejects(download.take(answerTo({}, begun, 5)), /reset/);
    await assert.rejects(download.take(wrong), /replaced/);
    assert.equal(download.headers()["range"], undefined);
  }
});
