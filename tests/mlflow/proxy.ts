/**
 * A proxy before a real MLflow server that loses requests and answers.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createServer } from "node:http";

/** What becomes of a request: it passes, is cut off before or after the server acted, or a status. */
export type Outcome = "pass" | "reset" | "act and reset" | number;

/**
 * Decides on a request.
 *
 * @param kind method and path without ids: `POST runs/create`
 * @param times how often this kind has been asked, from 1
 */
export type Fate = (kind: string, times: number) => Outcome | Promise<Outcome>;

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
    const outcome = await fate(kind, times);
    if (outcome === "reset") return void request.socket.destroy();
    if (typeof outcome === "number") {
      response.writeHead(outcome, { "content-type": "application/json" });
      return void response.end('{"error_code": "TEMPORARY", "message": "later"}');
    }
    const type = request.headers["content-type"];
    const answer = await fetch(`${target}${url}`, {
      method,
      headers: type === undefined ? {} : { "content-type": type },
      ...(["GET", "HEAD"].includes(method) ? {} : { body }),
    }).catch(() => undefined);
    const bytes = await answer?.bytes();
    if (answer === undefined || outcome === "act and reset") {
      return void request.socket.destroy();
    }
    const contentType = answer.headers.get("content-type") ?? "text/plain";
    response.writeHead(answer.status, { "content-type": contentType });
    response.end(bytes);
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

function kindOf(method: string, path: string): string {
  const short = path.replace(/^\/api\/2\.0\/mlflow\//, "")
    .replace(/^\/api\/2\.0\/mlflow-artifacts\/artifacts\b.*/, "artifacts")
    .replace(/m-[0-9a-f]{32}/, "ID");
  return `${method} ${short}`;
}
