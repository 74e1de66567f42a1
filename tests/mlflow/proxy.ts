/**
 * A proxy before a real MLflow server that loses requests and answers.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer } from "node:http";

/**
 * What becomes of a request: it passes, is cut off before or after the server acted or after so many
 * bytes of the answer, hangs after these, or a status.
 */
export type Outcome =
  | "pass"
  | "reset"
  | "act and reset"
  | number
  | { readonly cutAfter: number; readonly hang?: boolean };

/**
 * Decides on a request.
 *
 * @param kind method and path without ids: `POST runs/create`
 * @param times how often this kind has been asked, from 1
 * @param range the part of a file that is asked for
 */
export type Fate = (
  kind: string,
  times: number,
  range?: string,
) => Outcome | Promise<Outcome>;

/** Runs `use` with the proxy's address. */
export async function withProxy(
  target: string,
  fate: Fate,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const counts = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const url = request.url ?? "/";
    const method = request.method ?? "GET";
    const body = Buffer.concat(await Array.fromAsync(request));
    const kind = kindOf(method, url.split("?")[0] ?? url);
    const times = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, times);
    const outcome = await fate(kind, times, request.headers.range);
    if (outcome === "reset") return void request.socket.destroy();
    if (typeof outcome === "number") {
      response.writeHead(outcome, { "content-type": "application/json" });
      return void response.end('{"error_code": "TEMPORARY", "message": "later"}');
    }
    const answer = await fetch(`${target}${url}`, {
      method,
      headers: only(PASSED_ON, (name) => request.headers[name]?.toString()),
      ...(["GET", "HEAD"].includes(method) ? {} : { body }),
    }).catch(() => undefined);
    const bytes = await answer?.bytes();
    if (answer === undefined || outcome === "act and reset") {
      return void request.socket.destroy();
    }
    response.writeHead(answer.status, only(PASSED_BACK, (name) => answer.headers.get(name)));
    const { cutAfter, hang } = typeof outcome === "object" ? outcome : { cutAfter: Infinity };
    if (bytes === undefined || bytes.length <= cutAfter) return void response.end(bytes);
    response.write(bytes.subarray(0, cutAfter), () => {
      if (!hang) request.socket.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const PASSED_ON = ["content-type", "accept-encoding", "range", "if-range"];
const PASSED_BACK = ["content-type", "content-range", "etag", "last-modified"];

function only(
  names: readonly string[],
  valueOf: (name: string) => string | null | undefined,
): Record<string, string> {
  const pairs = names.map((name) => [name, valueOf(name)] as const);
  return Object.fromEntries(
    pairs.flatMap(([name, value]) => typeof value === "string" ? [[name, value]] : []),
  );
}

function kindOf(method: string, path: string): string {
  const short = path.replace(/^\/api\/2\.0\/mlflow\//, "")
    .replace(/^\/api\/2\.0\/mlflow-artifacts\/artifacts\b.*/, "artifacts")
    .replace(/m-[0-9a-f]{32}/, "ID");
  return `${method} ${short}`;
}
