/**
 * A proxy between a client and a broker that knows one request from another, and can act just before
 * the broker gets one, or just before the client gets its answer.
 */

/** Requests of a transactional producer, by API key (https://kafka.apache.org/protocol#protocol_api_keys). */
export const REQUESTS = {
  Produce: 0,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
} as const;

export type Request = keyof typeof REQUESTS;

/** Which request, from 1, and whether the broker has acted on it by then. */
export interface Fault {
  readonly request: Request;
  readonly nth: number;
  readonly when: "before" | "after";
}

export interface Proxy extends AsyncDisposable {
  /** What clients connect to. */
  readonly bootstrapServers: string;
  /** True once the fault has happened. */
  readonly happened: () => boolean;
}

/**
 * Starts a proxy.
 *
 * @param broker `127.0.0.1:port` as the broker advertises it
 * @param act Called at the fault; the connection is cut when it returns.
 */
export function startProxy(broker: string, fault: Fault | undefined, act: () => void): Proxy {
  const port = Number(broker.split(":")[1]);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let seen = 0;
  let happened = false;

  const serve = async (client: Deno.Conn) => {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    const ends = [client, server];
    ends.forEach((end) => open.add(end));
    const close = () => {
      for (const end of ends) if (open.delete(end)) end.close();
    };
    /** Correlation ids of the fault's request that are on their way. */
    const awaited = new Set<number>();
    const strike = () => {
      happened = true;
      act();
      close();
    };
    const requests = frames(client, async (frame) => {
      const isIt = fault !== undefined && frame.getInt16(4) === REQUESTS[fault.request] &&
        ++seen === fault.nth;
      if (isIt && fault.when === "before") return strike();
      if (isIt) awaited.add(frame.getInt32(8));
      await writeAll(server, frame);
    });
    const answers = frames(server, async (frame) => {
      if (awaited.delete(frame.getInt32(4))) return strike();
      redirect(frame, port, listener.addr.port);
      await writeAll(client, frame);
    });
    await Promise.allSettled([requests.finally(close), answers.finally(close)]);
  };

  const accepting = (async () => {
    for await (const client of listener) serve(client).catch(() => client.close());
  })();
  return {
    bootstrapServers: `127.0.0.1:${listener.addr.port}`,
    happened: () => happened,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      for (const end of open) end.close();
      open.clear();
      await accepting.catch(() => {});
    },
  };
}

/** Calls `take` with each frame: four bytes of length, then as many bytes. */
async function frames(
  connection: Deno.Conn,
  take: (frame: DataView<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  let rest = new Uint8Array();
  for await (const chunk of connection.readable) {
    const joined = new Uint8Array(rest.length + chunk.length);
    joined.set(rest);
    joined.set(chunk, rest.length);
    rest = joined;
    while (rest.length >= 4) {
      const size = 4 + new DataView(rest.buffer, rest.byteOffset).getInt32(0);
      if (rest.length < size) break;
      const frame = rest.slice(0, size);
      rest = rest.subarray(size);
      await take(new DataView(frame.buffer));
    }
  }
}

/** Makes the addresses in an answer ours: `127.0.0.1` and its port, as metadata has them. */
function redirect(frame: DataView<ArrayBuffer>, from: number, to: number): void {
  const bytes = new Uint8Array(frame.buffer);
  const host = new TextEncoder().encode("127.0.0.1");
  for (let at = bytes.indexOf(host[0] ?? 0); at >= 0; at = bytes.indexOf(host[0] ?? 0, at + 1)) {
    const end = at + host.length;
    if (end + 4 > bytes.length || !host.every((byte, i) => bytes[at + i] === byte)) continue;
    if (frame.getInt32(end) === from) frame.setInt32(end, to);
  }
}

async function writeAll(connection: Deno.Conn, frame: DataView<ArrayBuffer>): Promise<void> {
  const bytes = new Uint8Array(frame.buffer);
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}
