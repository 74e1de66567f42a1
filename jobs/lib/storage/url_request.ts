/**
 * Questions to a web server, asked again where an answer breaks off.
 *
 * @module
 */
import { DependencyError, messageOf, PlatformError } from "../errors.ts";
import type { Purpose } from "./storage.ts";

const ATTEMPTS = 4;
/** For one answer, with its body. */
const PATIENCE_MS = 300_000;
/** Answers of a server that is overloaded. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Answers that say something about the file. */
const TELLING: ReadonlySet<number> = new Set([404, 410, 412, 416]);

/**
 * Asks for a file.
 *
 * @param use makes something of an answer, which is good or says something about the file (404, 410,
 * 412, 416); what it throws is taken for an answer that broke off
 * @throws {DependencyError} `storage.denied`, `storage.unreachable`, `storage.untrusted`,
 * `storage.refused`
 */
export async function requestUrl<T>(
  url: URL,
  what: Purpose,
  headers: Readonly<Record<string, string>>,
  use: (answer: Response) => Promise<T>,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      const answer = await fetch(url, {
        // What is packed on the way has no ranges.
        headers: { "accept-encoding": "identity", ...headers },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const { status } = answer;
      if (answer.url.startsWith("https:") && (status < 400 || TELLING.has(status))) {
        return await use(answer);
      }
      await answer.body?.cancel();
      if (!TRANSIENT.has(status) || attempt === ATTEMPTS) throw refused(answer, url, what);
    } catch (error) {
      if (error instanceof PlatformError || error instanceof Deno.errors.NotCapable) throw error;
      const message = innermost(error);
      if (/certificate/i.test(message)) {
        const found = `its certificate is not trusted (${message})`;
        const todo = "Set DENO_CERT to the PEM file of its authority, or DENO_TLS_CA_STORE=system";
        throw failed("storage.untrusted", found, todo, url, what);
      }
      if (attempt === ATTEMPTS) {
        const found = `the server did not answer (${message})`;
        const todo = "Check the URL and the network, then run the same command again";
        throw failed("storage.unreachable", found, todo, url, what);
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt * Math.random()));
  }
}

/** What fetch() failed of. Redirects may have led to a signed URL. */
function innermost(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return innermost(error.cause);
  return messageOf(error).replace(/\?[^\s)"]*/g, "");
}

function refused({ url: at, status }: Response, url: URL, what: Purpose): DependencyError {
  if (!at.startsWith("https:")) {
    const found = "it redirects to a URL without encryption";
    return failed("storage.refused", found, "Give another URL", url, what);
  }
  const found = `the server answered ${status}`;
  if (status === 401 || status === 403) {
    const todo = "Give the URL of a public file, or put it on S3, which the job's role may read";
    return failed("storage.denied", found, todo, url, what);
  }
  return TRANSIENT.has(status)
    ? failed("storage.unreachable", found, "Run the same command again later", url, what)
    : failed("storage.refused", found, "Check the URL", url, what);
}

function failed(
  code: string,
  found: string,
  todo: string,
  { href: url }: URL,
  { purpose }: Purpose,
): DependencyError {
  return new DependencyError({
    code,
    cannot: purpose,
    found: `${url}: ${found}`,
    todo,
    place: { url },
  });
}
