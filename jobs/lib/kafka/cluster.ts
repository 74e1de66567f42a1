/**
 * The brokers of a cluster, connected to as needed.
 *
 * @module
 */
import type { Log } from "../log.ts";
import type { ConnectionSettings } from "./connection.ts";
import type { ApiRequest } from "./protocol/api.ts";
import {
  type Address,
  type CoordinatorKind,
  findCoordinator,
  type Metadata,
  metadata,
} from "./protocol/cluster_requests.ts";
import { Wire, type WireTimeouts } from "./wire.ts";

/** How a cluster is reached. */
export interface ClusterOptions {
  /** Where, and as whom. */
  readonly settings: ConnectionSettings;
  /** How long to wait for what. */
  readonly timeouts: WireTimeouts;
  /** Told at debug what kafkajs says. */
  readonly log: Log;
}

/** Connections to brokers, each opened when it is first wanted. */
export class Cluster {
  readonly #options: ClusterOptions;
  readonly #wires = new Map<string, Promise<Wire>>();
  #closed = false;

  /** Connects to nothing yet. */
  constructor(options: ClusterOptions) {
    this.#options = options;
  }

  /** Asks any broker: one that is known to answer, otherwise the bootstrap servers in turn. */
  async ask<T>(request: ApiRequest<T>): Promise<T> {
    let last: unknown = new Error("there is no broker to ask");
    for (const server of this.#options.settings.brokers) {
      const colon = server.lastIndexOf(":");
      const address = { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
      let wire;
      try {
        wire = await this.wire(address);
      } catch (error) {
        last = error;
        continue;
      }
      return await wire.request(request);
    }
    throw last;
  }

  /** Brokers and topics. */
  metadata(topics: readonly string[]): Promise<Metadata> {
    return this.ask(metadata(topics));
  }

  /**
   * The connection to the coordinator of a group or a transactional id. It is not the one for messages,
   * which a quota may hold up.
   */
  async coordinator(kind: CoordinatorKind, key: string): Promise<Wire> {
    return await this.wire(await this.ask(findCoordinator(kind, key)), "coordination");
  }

  /** The connection to a broker. */
  wire({ host, port }: Address, purpose: "messages" | "coordination" = "messages"): Promise<Wire> {
    if (this.#closed) return Promise.reject(new Error("the connection was closed"));
    const key = `${purpose} ${host}:${port}`;
    const known = this.#wires.get(key);
    if (known !== undefined) return known;
    const { settings, timeouts, log } = this.#options;
    const opening = Wire.open({ host, port }, settings, timeouts, log);
    this.#wires.set(key, opening);
    opening.then((wire) => {
      if (this.#closed) wire.close();
    }, () => this.#wires.delete(key));
    return opening;
  }

  /** Drops all connections and rejects what was not answered. */
  close(): void {
    this.#closed = true;
    for (const wire of this.#wires.values()) wire.then((wire) => wire.close(), () => {});
  }
}
