/**
 * A proxy between a client and a cluster that tells requests apart, and can do harm just before a
 * broker gets one or just before the client gets its answer. It reads no more than the header that
 * all versions of all requests have in common.
 */

/** Requests of a transactional producer, by API key (https://kafka.apache.org/protocol#protocol_api_keys). */
export const REQUESTS = {
  Metadata: 3,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  Produce: 0,
  TxnOffsetCommit: 28,
  EndTxn: 26,
} as const;

/** A kind of request. */
export type Request = keyof typeof REQUESTS;

/** A moment in the life of a request. */
export interface Moment {
  readonly request: Request;
  /** Among all of its kind, from 1. */
  readonly nth: number;
  /** `before` the broker gets it, or `after` it has acted. */
  readonly when: "before" | "after";
  /** Index of the broker among the servers. */
  readonly broker: number;
}

/**
 * What happens then: it is passed on, the connection is cut, or it goes silent: nothing comes back on
 * it any more, as when a firewall has lost its state.
 */
export type Verdict = "pass" | "cut" | "silence";

/** Decides; as long as it has not, the connection is held up. */
export type Rule = (moment: Moment) => Verdict | Promise<Verdict>;

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  /** What clients connect to. */
  readonly bootstrapServers: string;
  /** Requests so far. */
  readonly seen: (request: Request) => number;
  /** Cuts all connections there are. */
  readonly cut: () => void;
}

/** Starts a proxy before all brokers of a cluster; `servers` as they advertise themselves. */
export function startProxy(servers: string, rule: Rule = () => "pass"): Proxy {
  const counts = new Map<Request, number>();
  const open = new Set<Deno.Conn>();
  const doors = servers.split(",").map((server) => ({
    port: Number(server.split(":")[1]),
    listener: Deno.listen({ hostname: "127.0.0.1", port: 0 }),
  }));
  const advertised = new Map(
    doors.map(({ port, listener }) => [port, (listener.addr as Deno.NetAddr).port]),
  );

  const serve = async (client: Deno.Conn, port: number, broker: number) => {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    const ends = [client, server];
    ends.forEach((end) => open.add(end));
    const close = () => {
      for (const end of ends) if (open.delete(end)) end.close();
    };
    const awaited = new Map<number, { request: Request; nth: number }>();
    let silent = false;
    const judge = async (moment: Moment) => {
      const verdict = await rule(moment);
      if (verdict === "cut") close();
      if (verdict === "silence") silent = true;
    };
    const requests = frames(client, async (frame) => {
      const request = NAMES.get(frame.getInt16(4));
      if (request !== undefined) {
        const nth = (counts.get(request) ?? 0) + 1;
        counts.set(request, nth);
        awaited.set(frame.getInt32(8), { request, nth });
        await judge({ request, nth, when: "before", broker });
      }
      if (open.has(server)) await writeAll(server, frame);
    });
    const answers = frames(server, async (frame) => {
      const answered = awaited.get(frame.getInt32(4));
      if (answered !== undefined) {
        awaited.delete(frame.getInt32(4));
        await judge({ ...answered, when: "after", broker });
      }
      redirect(frame, advertised);
      if (!silent && open.has(client)) await writeAll(client, frame);
    });
    await Promise.allSettled([requests.finally(close), answers.finally(close)]);
  };

  const accepting = doors.map(async ({ port, listener }, broker) => {
    // A broker that is down refuses: so does the proxy.
    for await (const client of listener) serve(client, port, broker).catch(() => client.close());
  });
  const cut = () => {
    for (const end of open) end.close();
    open.clear();
  };
  return {
    bootstrapServers: [...advertised.values()].map((port) => `127.0.0.1:${port}`).join(","),
    seen: (request) => counts.get(request) ?? 0,
    cut,
    [Symbol.asyncDispose]: async () => {
      for (const { listener } of doors) listener.close();
      cut();
      await Promise.allSettled(accepting);
    },
  };
}

const NAMES: ReadonlyMap<number, Request> = new Map(
  (Object.keys(REQUESTS) as Request[]).map((request) => [REQUESTS[request], request]),
);

/** Calls `take` with each frame: four bytes of length, then as many bytes. */
async function frames(
  connection: Deno.Conn,
  take: (frame: DataView<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  let chunks: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of connection.readable) {
    chunks.push(chunk);
    held += chunk.length;
    // Joined only once a whole frame is there: a large one comes in many chunks.
    while (held >= 4) {
      const head = (chunks[0]?.length ?? 0) >= 4 ? chunks[0] : join(chunks, held);
      if (head === undefined) break;
      const size = 4 + new DataView(head.buffer, head.byteOffset).getInt32(0);
      if (held < size) break;
      const all = join(chunks, held);
      chunks = [all.subarray(size)];
      held -= size;
      await take(new DataView(all.slice(0, size).buffer));
    }
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Makes the addresses in an answer ours: `127.0.0.1` and a port, as metadata has them. */
function redirect(frame: DataView<ArrayBuffer>, ports: ReadonlyMap<number, number>): void {
  const bytes = new Uint8Array(frame.buffer);
  for (let at = bytes.indexOf(DIGIT); at >= 0; at = bytes.indexOf(DIGIT, at + 1)) {
    const end = at + HOST.length;
    if (end + 4 > bytes.length || !HOST.every((byte, i) => bytes[at + i] === byte)) continue;
    const port = ports.get(frame.getInt32(end));
    if (port !== undefined) frame.setInt32(end, port);
  }
}

const HOST = new TextEncoder().encode("127.0.0.1");
const DIGIT = 0x31; // 1

async function writeAll(connection: Deno.Conn, frame: DataView<ArrayBuffer>): Promise<void> {
  const bytes = new Uint8Array(frame.buffer);
  for (let written = 0; written < bytes.length;) {
    written += await connection.write(bytes.subarray(written));
  }
}
