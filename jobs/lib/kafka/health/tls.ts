/**
 * Whether servers prove who they are, and for how long they still can.
 *
 * @module
 */
import { isIP } from "node:net";
import { connect } from "node:tls";
import { messageOf } from "../../errors.ts";
import { within } from "../patience.ts";
import type { Address } from "../protocol/cluster_requests.ts";
import type { Finding } from "./checklist.ts";
import { addressesOf, checkEach, REACH } from "./reach.ts";

/** Days before the end of a certificate at which it should be renewed. */
const SOON = 30;

/** Shakes hands with the servers: chain, host name and days until the certificate ends. */
export async function checkTls(
  servers: readonly Address[],
  ca: string | undefined,
  now: Date = new Date(),
): Promise<Finding> {
  const days = new Map<string, number>();
  const remedies = new Set<string>();
  const finding = await checkEach(servers.map(({ host, port }) => `${host}:${port}`), {
    ask: async (server) => {
      const [address] = addressesOf(server);
      if (address === undefined) throw new TypeError(`${server} is no server`);
      const end = await certificateEnd(address, ca).catch(async (error) => {
        const { meaning, remedy } = meaningOf([await nativeReason(address, ca), messageOf(error)]);
        remedies.add(remedy);
        throw new Error(meaning, { cause: error });
      });
      const left = daysBetween(now, end);
      days.set(server, left);
      return `valid until ${end.toISOString().slice(0, 10)}, ${left} days`;
    },
    good: (found) => [...found].map(([server, text]) => `${server} ${text}`).join("; "),
    remedy: "",
  });
  const soon = [...days].filter(([, left]) => left < SOON);
  if (finding.verdict !== "ok") return { ...finding, remedy: [...remedies].join("; ") };
  if (soon.length === 0) return finding;
  return {
    ...finding,
    verdict: "warn",
    found: soon.map(([server, left]) => `the certificate of ${server} ends in ${left} days`)
      .join("; "),
    remedy: "Renew it",
  };
}

/** Whether a server shakes hands at all, whoever it is. */
export async function speaksTls(address: Address): Promise<boolean> {
  try {
    await certificateEnd(address, undefined, false);
    return true;
  } catch {
    return false;
  }
}

/** Whole days from one time to another. */
export function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / 86_400_000);
}

/** When the server's certificate ends. @throws {Error} if it is not a good one */
function certificateEnd(
  { host, port }: Address,
  ca: string | undefined,
  rejectUnauthorized = true,
): Promise<Date> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca: [ca] }),
    });
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
      socket.destroy();
    };
    const timer = setTimeout(
      () => end(() => reject(new Error(`no handshake within ${REACH / 1000} s`))),
      REACH,
    );
    socket.once("error", (error) => end(() => reject(error)));
    socket.once("close", () => end(() => reject(new Error("the connection was closed"))));
    socket.once("secureConnect", () => {
      const { valid_to } = socket.getPeerCertificate();
      // Before Deno 2.9 this comes also when the handshake has failed, and an error comes after it.
      if (valid_to) end(() => resolve(new Date(valid_to)));
    });
  });
}

/** What the runtime's own TLS says, which in Deno 2.9 is more than what its node:tls says of it. */
async function nativeReason(
  { host, port }: Address,
  ca: string | undefined,
): Promise<string> {
  try {
    const options = { hostname: host, port, ...(ca === undefined ? {} : { caCerts: [ca] }) };
    const connection = await within(REACH, Deno.connectTls(options));
    try {
      await within(REACH, connection.handshake());
    } finally {
      connection.close();
    }
    return "";
  } catch (error) {
    return messageOf(error);
  }
}

/** What runtimes say, in words that say what is wrong. */
function meaningOf(texts: readonly string[]): { meaning: string; remedy: string } {
  for (const { pattern, meaning, remedy } of MEANINGS) {
    const text = texts.find((text) => pattern.test(text));
    if (text !== undefined) return { meaning: `${meaning} (${text})`, remedy };
  }
  return { meaning: texts.findLast((text) => text !== "") ?? "", remedy: NO_TLS };
}

const NO_TLS = "Check that this is the port of a listener with TLS; for one without it use " +
  "--kafka-security-protocol PLAINTEXT or SASL_PLAINTEXT";

/** In the words of OpenSSL, which node:tls of Deno 2.9 uses, and of rustls. */
const MEANINGS: readonly { pattern: RegExp; meaning: string; remedy: string }[] = [
  {
    pattern: /expired/i,
    meaning: "the certificate has expired",
    remedy: "Renew the broker's certificate",
  },
  {
    pattern: /altnames|NotValidForName|not valid for/i,
    meaning: "the certificate is for another host name",
    remedy: "Use the host name that the certificate is for",
  },
  {
    pattern: /self.signed|UnknownIssuer|unable to (?:get|verify)/i,
    meaning: "the certificate's authority is unknown",
    remedy: "Give the authority that signed it with --kafka-ca-file",
  },
  {
    pattern: /socket disconnected|end of file|corrupt message|wrong version|was closed/i,
    meaning: "the server hung up during the handshake",
    remedy: NO_TLS,
  },
];
