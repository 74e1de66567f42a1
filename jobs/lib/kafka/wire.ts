/**
 * A connection to one broker, on kafkajs's.
 *
 * Of kafkajs we use its connection: TLS, SASL with re-authentication before the session ends, the
 * queue that pairs answers with requests, and time-outs. The frames are ours, written
 * to the socket as they are, because kafkajs copies each request three times and has no versions
 * with `require_stable`. The alternative, @platformatic/kafka 2.12 with its typed and public
 * `Connection`, was tried and measured (bench/README.md): it enumerates the whole environment when it
 * is loaded, for which a job that may read named variables only has no permission, it takes four
 * times as long to load, and it would be the second client in every image beside kafkajs, which
 * administration needs.
 *
 * @module
 */
import type { Log } from "../log.ts";
import { VERSION } from "../version.ts";
import type { ConnectionSettings } from "./connection.ts";
import type { Sasl } from "./credentials.ts";
import type { ApiRequest } from "./protocol/api.ts";
import { BrokerError } from "./protocol/broker_error.ts";
import { ByteReader, ByteWriter } from "./protocol/bytes.ts";
import { type Address, type ApiVersions, apiVersions } from "./protocol/cluster_requests.ts";
import { mendRequestQueue } from "./request_queue.ts";

/** How long to wait for what, in milliseconds. */
export interface WireTimeouts {
  /** For a connection. */
  readonly connect: number;
  /** For the answer to a request. */
  readonly request: number;
}

/** What of kafkajs's connection is used (kafkajs/src/network/connection.js, 2.2.4). */
interface KafkajsConnection {
  connect(): Promise<unknown>;
  authenticate(): Promise<void>;
  isAuthenticated(): boolean;
  isConnected(): boolean;
  setVersions(versions: ApiVersions): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  nextCorrelationId(): number;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
  readonly requestQueue: {
    push(request: {
      readonly entry: object;
      readonly expectResponse: boolean;
      readonly requestTimeout: null;
      readonly sendRequest: () => void;
    }): void;
  };
  readonly socket?: {
    write(bytes: Uint8Array): boolean;
    cork(): void;
    uncork(): void;
    destroy(): void;
    once(event: "close", listener: () => void): void;
  };
}

type KafkajsConnectionClass = new (options: object) => KafkajsConnection;

/** A connection to one broker. */
export class Wire {
  readonly #connection: KafkajsConnection;
  readonly #clientId: string;
  readonly #sasl: Sasl | undefined;
  #versions: ApiVersions = {};

  private constructor(connection: KafkajsConnection, settings: ConnectionSettings) {
    this.#connection = connection;
    this.#clientId = settings.clientId;
    this.#sasl = settings.sasl;
  }

  /** Connects, and authenticates if the settings say how. */
  static async open(
    { host, port }: Address,
    settings: ConnectionSettings,
    { connect, request }: WireTimeouts,
    log: Log,
  ): Promise<Wire> {
    await mendRequestQueue();
    const { default: Connection }: { default: KafkajsConnectionClass } = await import(
      "kafkajs/src/network/connection.js"
    );
    const { default: socketFactory }: { default: () => unknown } = await import(
      "kafkajs/src/network/socketFactory.js"
    );
    const connection = new Connection({
      host,
      port,
      clientId: settings.clientId,
      // kafkajs takes `true` for "with the defaults" in its client only.
      ssl: settings.ssl === true ? {} : settings.ssl ?? null,
      sasl: settings.sasl === undefined ? null : { ...settings.sasl },
      connectionTimeout: connect,
      requestTimeout: request,
      socketFactory: socketFactory(),
      logger: loggerFor(log),
    });
    const wire = new Wire(connection, settings);
    try {
      await wire.#start();
    } catch (error) {
      wire.close();
      throw error;
    }
    return wire;
  }

  /** Sends a request; the order of calls is the order on the wire. */
  request<T>(request: ApiRequest<T>): Promise<T> {
    const { api } = request;
    const spoken = this.#versions[api.key];
    if (
      spoken === undefined || spoken.maxVersion < api.version || spoken.minVersion > api.version
    ) {
      const range = spoken === undefined ? "none" : `${spoken.minVersion} to ${spoken.maxVersion}`;
      return Promise.reject(
        new BrokerError(api.name, 35, `version ${api.version} is needed, the broker has ${range}`),
      );
    }
    if (this.#sasl === undefined || this.#connection.isAuthenticated()) return this.#send(request);
    // The session is about to end.
    return this.#connection.authenticate().then(() => this.#send(request));
  }

  /** Drops the connection and rejects what was not answered. */
  close(): void {
    const connection = this.#connection;
    connection.rejectRequests(new Error("the connection was closed"));
    connection.socket?.destroy();
    connection.disconnect().catch(() => {});
  }

  async #start(): Promise<void> {
    await this.#connection.connect();
    this.#connection.socket?.once("close", () => {
      if (this.#connection.isConnected()) this.close();
    });
    this.#versions = await this.#send(apiVersions("ml-pipelines", VERSION));
    this.#connection.setVersions(this.#versions);
    this.#connection.setSupportAuthenticationProtocol(true);
    await this.#connection.authenticate();
  }

  #send<T>({ api, body, decode, plainHeader = false }: ApiRequest<T>): Promise<T> {
    const connection = this.#connection;
    const { socket } = connection;
    if (socket === undefined || !connection.isConnected()) {
      return Promise.reject(new Error("the connection is closed"));
    }
    const correlationId = connection.nextCorrelationId();
    const header = new ByteWriter(64);
    header.int16(api.key).int16(api.version).int32(correlationId).string(this.#clientId).tags();
    const length = body.reduce((sum, { length }) => sum + length, header.written.length);
    const prefix = new ByteWriter(64);
    prefix.int32(length).raw(header.written);
    return new Promise((resolve, reject) => {
      connection.requestQueue.push({
        entry: {
          apiKey: api.key,
          apiName: api.name,
          apiVersion: api.version,
          correlationId,
          reject,
          resolve: ({ payload }: { payload: Uint8Array }) => {
            try {
              const reader = new ByteReader(payload);
              if (!plainHeader) reader.tags();
              resolve(decode(reader));
            } catch (error) {
              reject(error);
            }
          },
        },
        expectResponse: true,
        requestTimeout: null,
        sendRequest: () => {
          socket.cork();
          socket.write(prefix.written);
          for (const piece of body) socket.write(piece);
          socket.uncork();
        },
      });
    });
  }
}

/** A logger as kafkajs wants it; all at debug, what fails for good is reported by us. */
function loggerFor(log: Log, source = "kafkajs"): object {
  const write = (message: string, { broker }: { broker?: string } = {}) =>
    log.debug(message, { source, broker });
  return {
    namespace: (name: string) => loggerFor(log, `kafkajs ${name}`),
    debug: () => {},
    info: write,
    warn: write,
    error: write,
  };
}
