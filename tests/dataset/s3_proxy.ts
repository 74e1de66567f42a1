/**
 * A proxy in front of S3 that counts what is sent and spoils answers.
 *
 * @module
 */

/** What can be wrong with an answer. */
export type Bad = "slow down" | "reset" | "truncated";

/** A running proxy. */
export interface S3Proxy {
  readonly endpoint: string;
  /** Bytes of objects sent to the client; may be set to 0. */
  sent: number;
  /** Most requests that waited for their answers at once; may be set to 0. */
  most: number;
  /** Milliseconds that every answer takes longer. */
  delay: number;
  /** Answers spoilt so far. */
  readonly spoilt: number;
  /** Spoil every so many answers about objects. */
  bad: { readonly kind: Bad; readonly every: number } | undefined;
  close(): Promise<void>;
}

/** Starts a proxy of an S3 endpoint. */
export function proxyOf(upstream: string): S3Proxy {
  let asked = 0, spoilt = 0, waiting = 0;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      proxy.most = Math.max(proxy.most, ++waiting);
      if (proxy.delay > 0) await new Promise((resolve) => setTimeout(resolve, proxy.delay));
      const headers = new Headers(request.headers);
      headers.delete("host");
      const answer = await fetch(`${upstream}${pathname}${search}`, {
        method: request.method,
        headers,
        ...(request.body === null ? {} : { body: await request.arrayBuffer() }),
      });
      const body = await answer.arrayBuffer();
      waiting--;
      const spoil = proxy.bad !== undefined && request.method === "GET" &&
        ++asked % proxy.bad.every === 0;
      if (!spoil || proxy.bad === undefined) {
        if (answer.headers.has("content-range")) proxy.sent += body.byteLength;
        const empty = request.method === "HEAD" || answer.status === 204 || answer.status === 304;
        return new Response(empty ? null : body, {
          status: answer.status,
          headers: answer.headers,
        });
      }
      spoilt++;
      if (proxy.bad.kind === "slow down") {
        return new Response(
          "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>",
          { status: 503, headers: { "content-type": "application/xml" } },
        );
      }
      const part = proxy.bad.kind === "reset" ? 0 : body.byteLength >> 1;
      const broken = new ReadableStream({
        start(controller) {
          if (part > 0) controller.enqueue(new Uint8Array(body, 0, part));
        },
        pull: (controller) => controller.error(new Error("cut")),
      });
      return new Response(broken, { status: answer.status, headers: answer.headers });
    },
  );
  const proxy = {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    sent: 0,
    most: 0,
    delay: 0,
    get spoilt() {
      return spoilt;
    },
    bad: undefined as S3Proxy["bad"],
    close: () => server.shutdown(),
  };
  return proxy;
}
