/**
 * A port that passes connections on to another address, and may lose answers.
 *
 * @module
 */

/** Stops listening when disposed. */
export interface Forward extends AsyncDisposable {
  readonly port: number;
  /** How many answers were lost so far. */
  readonly lost: number;
}

/**
 * Passes connections on.
 *
 * @param port a free one unless told
 * @param lose how many answers to lose: the request is served, its connection ends without a word
 */
export function forward(
  to: URL,
  { port = 0, lose = 0 }: { port?: number; lose?: number } = {},
): Forward {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  let lost = 0;
  const serving = (async () => {
    for await (const connection of listener) {
      const upstream = await Deno.connect({ hostname: to.hostname, port: Number(to.port) });
      connection.readable.pipeTo(upstream.writable).catch(() => {});
      if (lost < lose) {
        await upstream.readable.getReader().read();
        lost++;
        connection.close();
        upstream.close();
      } else upstream.readable.pipeTo(connection.writable).catch(() => {});
    }
  })();
  return {
    port: listener.addr.port,
    get lost() {
      return lost;
    },
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await serving;
    },
  };
}

/** A port where nothing listens. */
export function unusedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
