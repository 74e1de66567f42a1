/**
 * TLS to a server whose certificate nobody checks (`MLFLOW_TRACKING_INSECURE_TLS`), as a port of this
 * machine: Deno's fetch can do without the check only for a whole process, by a flag of its own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";

/** Most bytes of a request's head. */
const MAX_HEAD = 64 * 1024;

/**
 * Opens the port; it closes with the process.
 *
 * @param own PEM of a certificate of our own and its key, for servers that want one
 * @returns the address to use instead
 */
export function startBridge(target: URL, own?: string): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.unref();
  void (async () => {
    for await (const connection of listener) {
      connection.unref();
      // A request that ends badly is its sender's to report: it sees the connection close.
      carry(connection, target, own).catch(() => {});
    }
  })();
  const path = target.pathname.replace(/\/+$/, "");
  return `http://127.0.0.1:${listener.addr.port}${path}`;
}

/** Carries one request and its answer. */
async function carry(
  connection: Deno.TcpConn,
  target: URL,
  own: string | undefined,
): Promise<void> {
  using local = connection;
  const head = await readHead(local);
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const remote = connect({
    host,
    port: Number(target.port || 443),
    rejectUnauthorized: false,
    ...(own === undefined ? {} : { cert: own, key: own }),
    // Something has to be asked for by name, which an address is not.
    servername: isIP(host) === 0 ? host : "localhost",
  });
  const { promise: closed, resolve: onClose } = Promise.withResolvers<void>();
  let written = Promise.resolve();
  // Not as an iterator: a server that hangs up without TLS's goodbye would take its last words along.
  remote.on("data", (piece: Uint8Array) => {
    written = written.then(() => writeAll(local, piece)).catch(() => void remote.destroy());
  });
  remote.on("error", () => remote.destroy());
  remote.on("close", onClose);
  remote.write(withHost(head, target.host));
  pump(local, remote).catch(() => remote.destroy());
  await closed;
  await written;
}

/** Everything up to the end of the headers, and what came with it. */
async function readHead(local: Deno.TcpConn): Promise<Buffer> {
  let head = Buffer.alloc(0);
  const piece = new Uint8Array(MAX_HEAD);
  while (!head.includes(HEAD_END) && head.length < MAX_HEAD) {
    const read = await local.read(piece);
    if (read === null) throw new Error("the request broke off");
    head = Buffer.concat([head, piece.subarray(0, read)]);
  }
  return head;
}

/** The request as its server wants it: asked by its own name, and only one to a connection. */
function withHost(head: Buffer, host: string): Buffer {
  const end = head.indexOf(HEAD_END);
  const lines = head.subarray(0, end).toString("latin1").split("\r\n")
    .filter((line) => !/^(host|connection):/i.test(line));
  const changed = [...lines, `host: ${host}`, "connection: close"].join("\r\n");
  return Buffer.concat([Buffer.from(changed, "latin1"), head.subarray(end)]);
}

async function pump(local: Deno.TcpConn, remote: TLSSocket): Promise<void> {
  for (const piece = new Uint8Array(PIECE);;) {
    const read = await local.read(piece);
    if (read === null) return void remote.end();
    const { promise, resolve } = Promise.withResolvers<void>();
    remote.write(piece.slice(0, read), () => resolve());
    await promise;
  }
}

async function writeAll(local: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await local.write(bytes.subarray(at));
}

const HEAD_END = "\r\n\r\n";
const PIECE = 64 * 1024;
