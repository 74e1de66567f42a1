/**
 * A web server with an authority of its own, which serves a folder in good and in bad ways: the first
 * name of a path says how.
 *
 * @module
 */
import { python } from "../job/task.ts";

/** A running server. */
export interface HttpsServer extends AsyncDisposable {
  readonly origin: string;
  /** The certificate of its authority, PEM. */
  readonly authority: string;
  /** Bytes of files sent; may be set to 0. */
  sent: number;
}

/** What is different about a way of serving. */
interface Manner {
  readonly ranges?: false;
  readonly etag?: false;
  readonly modified?: false;
  /** Every third answer breaks. */
  readonly flaky?: true;
  /** Another content from the third answer on. */
  readonly replaced?: true;
}

const MANNERS: Readonly<Record<string, Manner>> = {
  good: {},
  "no-etag": { etag: false },
  "no-ranges": { ranges: false },
  "no-validator": { etag: false, modified: false },
  "nothing": { ranges: false, etag: false, modified: false },
  flaky: { flaky: true },
  replaced: { replaced: true },
  "replaced-no-etag": { replaced: true, etag: false },
};

const TIMES = ["Tue, 01 Oct 2013 05:30:00 GMT", "Tue, 01 Oct 2013 05:30:01 GMT"];

/** Starts a server of a folder for `localhost`. */
export async function serveFolder(folder: string): Promise<HttpsServer> {
  const made = await python("tests/kafka_health/certificate.py", ["localhost", "2"]);
  const { authority = "", certificate: cert = "", key = "" } = made as Record<string, string>;
  const asked = new Map<string, number>();
  const server = Deno.serve(
    { hostname: "localhost", port: 0, cert, key, onListen: () => {} },
    async (request): Promise<Response> => {
      const { pathname, origin: here } = new URL(request.url);
      const [, first = "", ...rest] = pathname.split("/");
      if (first === "endless") {
        const block = new Uint8Array(2 ** 20);
        return new Response(new ReadableStream({ pull: (c) => c.enqueue(block) }));
      }
      if (first === "huge") {
        return new Response("x", { headers: { "content-length": String(2 ** 40) } });
      }
      if (first === "denied") return new Response("no", { status: 403 });
      if (first === "moved") return Response.redirect(`${here}/good/${rest.join("/")}`, 302);
      if (first === "downgraded") return Response.redirect(`http://localhost:${plain.addr.port}/`);
      const manner = MANNERS[first];
      const bytes = await Deno.readFile(`${folder}/${rest.join("/")}`).catch(() => undefined);
      if (manner === undefined || bytes === undefined) return new Response("", { status: 404 });
      const count = (asked.get(pathname) ?? 0) + 1;
      asked.set(pathname, count);
      return answerOf(request.headers, bytes, manner, count);
    },
  );
  const plain = Deno.serve(
    { hostname: "localhost", port: 0, onListen: () => {} },
    () => new Response("no TLS"),
  );
  const origin = `https://localhost:${server.addr.port}`;
  const https: HttpsServer = {
    origin,
    authority,
    sent: 0,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([server.shutdown(), plain.shutdown()]);
    },
  };
  return https;

  function answerOf(
    asked: Headers,
    bytes: Uint8Array<ArrayBuffer>,
    { ranges, etag, modified, flaky, replaced }: Manner,
    count: number,
  ): Response {
    const version = replaced && count > 2 ? 1 : 0;
    const headers = new Headers({
      ...etag === false ? {} : { etag: `"v${version}"` },
      ...modified === false ? {} : { "last-modified": TIMES[version] ?? "" },
    });
    if (flaky && count % 3 === 0) return new Response("busy", { status: 503 });
    // Many servers look at no condition.
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(asked.get("range") ?? "") ?? [];
    if (ranges === false || from === undefined) {
      https.sent += bytes.length;
      return new Response(bytes, { headers });
    }
    const start = Number(from), end = Math.min(Number(to) + 1, bytes.length);
    if (start >= bytes.length) return new Response("", { status: 416 });
    const part = bytes.slice(start, end);
    headers.set("content-range", `bytes ${start}-${end - 1}/${bytes.length}`);
    https.sent += part.length;
    if (!flaky || count % 3 !== 1 || count === 1) {
      return new Response(part, { status: 206, headers });
    }
    const half = new ReadableStream({
      start: (controller) => controller.enqueue(part.subarray(0, part.length >> 1)),
      pull: (controller) => controller.error(new Error("cut on purpose")),
    });
    return new Response(half, { status: 206, headers });
  }
}
