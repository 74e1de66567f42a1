/**
 * Whether servers have an address, and whether something listens there.
 *
 * @module
 */
import { lookup } from "node:dns/promises";
import { connect, isIP, type Socket } from "node:net";
import { messageOf } from "../../errors.ts";
import { within } from "../patience.ts";
import type { Address } from "../protocol/cluster_requests.ts";
import type { Finding } from "./checklist.ts";

/** Milliseconds for one server. */
export const REACH = 5_000;

/** The servers of `host:port,host:port`. */
export function addressesOf(servers: string): Address[] {
  return servers.split(",").map((server) => {
    const [host = "", port = ""] = server.trim().split(":");
    return { host, port: Number(port) };
  });
}

/** Looks up the servers' names. */
export async function checkNames(servers: readonly Address[]): Promise<Finding> {
  const hosts = [...new Set(servers.map(({ host }) => host))];
  return await checkEach(hosts, {
    ask: async (host) => {
      if (isIP(host) !== 0) return host;
      const found = await within(REACH, lookup(host, { all: true }));
      return found.map(({ address }) => address).join(", ");
    },
    good: (found) => [...found].map(([host, address]) => `${host} is ${address}`).join("; "),
    remedy: "Check the spelling in --kafka-bootstrap-servers, and that this network's DNS knows " +
      "the name (a private cluster is known inside its VPC only)",
  });
}

/** Connects to the servers and hangs up. */
export async function checkPorts(servers: readonly Address[]): Promise<Finding> {
  return await checkEach(servers.map(({ host, port }) => `${host}:${port}`), {
    ask: async (server) => {
      const start = performance.now();
      const [address] = addressesOf(server);
      if (address === undefined) throw new TypeError(`${server} is no server`);
      (await openSocket(address)).destroy();
      return `${Math.ceil(performance.now() - start)} ms`;
    },
    good: (found) => [...found].map(([server, time]) => `${server} accepts (${time})`).join("; "),
    remedy: "Check that the broker runs, that the port is that of the right listener, and that " +
      "security groups and firewalls let this host through",
  });
}

/** A connection to a server. */
function openSocket({ host, port }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    const timer = setTimeout(
      () => socket.destroy(new Error(`no answer within ${REACH / 1000} s`)),
      REACH,
    );
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

/** How servers are asked, all at the same time. */
export interface Question {
  /** Throws what is wrong. */
  readonly ask: (server: string) => Promise<string>;
  /** Puts the answers into words. */
  readonly good: (answers: ReadonlyMap<string, string>) => string;
  /** If one or more do not answer well. */
  readonly remedy: string;
}

/** Asks all servers: one that answers is enough to work, all are needed to work for long. */
export async function checkEach(
  servers: readonly string[],
  { ask, good, remedy }: Question,
): Promise<Finding> {
  const answers = new Map<string, string>();
  const failures = new Map<string, string>();
  await Promise.all(servers.map(async (server) => {
    try {
      answers.set(server, await ask(server));
    } catch (error) {
      failures.set(server, messageOf(error));
    }
  }));
  const details = Object.fromEntries(servers.map((server) => [
    server,
    answers.get(server) ?? { error: failures.get(server) },
  ]));
  if (failures.size === 0) return { verdict: "ok", found: good(answers), details };
  const found = [...failures].map(([server, error]) => `${server}: ${error}`).join("; ");
  return { verdict: answers.size > 0 ? "warn" : "fail", found, remedy, details };
}
