/**
 * A real registry on this machine, and a network before it that can be cut.
 *
 * @module
 */
import { sh, until } from "../images/shell.ts";

/** A running docker-registry. */
export interface LocalRegistry {
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts a registry with an empty store. */
export async function startRegistry(): Promise<LocalRegistry> {
  const folder = await Deno.makeTempDir();
  const host = `127.0.0.1:${freePort()}`;
  await Deno.writeTextFile(
    `${folder}/config.yml`,
    `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: ${folder}/images } }
http: { addr: ${host} }
`,
  );
  const process = new Deno.Command("docker-registry", {
    args: ["serve", `${folder}/config.yml`],
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until("the registry", async () => {
    const response = await fetch(`http://${host}/v2/`);
    await response.body?.cancel();
    return response.ok || undefined;
  });
  return {
    host,
    stop: async () => {
      process.kill("SIGKILL");
      await process.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A way to a registry that breaks once so much has been sent. */
export interface Network {
  readonly host: string;
  /** Resolves when it has broken, or when that much has passed. */
  readonly reached: Promise<void>;
  close(): void;
}

/** Passes connections on; the one that sends byte number `limit` is cut, or told of only. */
export function network(registry: string, limit: number, { cut }: { cut: boolean }): Network {
  const [hostname = "", port = ""] = registry.split(":");
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const reached = Promise.withResolvers<void>();
  let sent = 0;
  const serve = async (client: Deno.TcpConn) => {
    const upstream = await Deno.connect({ hostname, port: Number(port) });
    const close = () => {
      for (const each of [client, upstream]) {
        try {
          each.close();
        } catch {
          // Closed already.
        }
      }
    };
    const back = upstream.readable.pipeTo(client.writable).catch(() => {});
    try {
      const writer = upstream.writable.getWriter();
      for await (const chunk of client.readable) {
        const before = sent;
        sent += chunk.length;
        if (before < limit && sent >= limit) {
          reached.resolve();
          if (cut) return close();
        }
        await writer.write(chunk);
      }
      await writer.close();
      await back;
    } catch {
      close();
    }
  };
  (async () => {
    for await (const client of listener) void serve(client);
  })().catch(() => {});
  return {
    host: `127.0.0.1:${listener.addr.port}`,
    reached: reached.promise,
    close: () => listener.close(),
  };
}

/** What a registry has under a tag, told by skopeo. */
export async function digestOf(host: string, repository: string, tag: string): Promise<string> {
  return await sh([
    ...["skopeo", "inspect", "--tls-verify=false", "--format={{.Digest}}"],
    `docker://${host}/${repository}:${tag}`,
  ]);
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
