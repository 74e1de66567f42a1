/**
 * How a request says who asks.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** A request that is about to be sent, as far as a signature covers it. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hexadecimal. */
  bodyHash(): Promise<string>;
}

/** Who asks: the headers to send with a request, that were given and what is added to them. */
export interface Authorization {
  headers(request: Unsigned): Promise<Readonly<Record<string, string>>>;
  /** What to look at where the server refuses, one sentence. */
  readonly remedy: string;
}

/** Basic or bearer, as far as there is something to send. */
export function passwordAuthorization(
  { username, password, token }: {
    readonly username?: string | undefined;
    readonly password?: string | undefined;
    readonly token?: string | undefined;
  },
): Authorization {
  const authorization = username !== undefined && password !== undefined
    ? `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`
    : token === undefined
    ? undefined
    : `Bearer ${token}`;
  return {
    headers: ({ headers }) =>
      Promise.resolve(authorization === undefined ? headers : { ...headers, authorization }),
    remedy: "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
  };
}
