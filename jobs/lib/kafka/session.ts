/**
 * One initialised transactional producer, from InitProducerId until the first error.
 *
 * ```
 * ready ──► adding ──► sending ──► ending ──► ready
 *   └──────────┴──────────┴──────────┴──────► discarded   by any error, for good
 * ```
 *
 * Why nothing is lost or published twice:
 *
 * - Before it answers InitProducerId, the coordinator finishes or aborts the open transaction of the
 *   id, and raises the epoch, so that nothing an older producer has on its way can be stored any more
 *   (INVALID_PRODUCER_EPOCH). Only then is the progress read, with `require_stable`: at that moment no
 *   transaction of this id is undecided, so the offset says for good which of them happened.
 * - The offset and the messages are parts of one transaction: both are visible, or neither.
 * - Within a transaction, batches are recognised by producer, epoch and sequence number. Numbers are
 *   given out once per session and never taken back: a batch is sent again as it was, or never. See
 *   `delivery.ts` for when it is.
 * - EndTxn is sent after every batch and the offset were acknowledged, and after no error whatever, so
 *   a commit covers the whole transaction. When its answer is lost, the session is discarded, and the
 *   progress tells the next one.
 * - A session never aborts and goes on: what an aborted transaction still had on its way could be
 *   stored in the next one of the same epoch.
 *
 * @module
 */
import type { TopicMessages, TopicShape } from "./batches.ts";
import { BATCH_BYTES, BatchWriter } from "./batches.ts";
import type { Cluster } from "./cluster.ts";
import { deliver, type Lane } from "./delivery.ts";
import { pause, sleep } from "./patience.ts";
import type { ApiRequest } from "./protocol/api.ts";
import { BrokerError, checkCode, CODES } from "./protocol/broker_error.ts";
import type { Address, CoordinatorKind } from "./protocol/cluster_requests.ts";
import type { Compression } from "./protocol/compression.ts";
import {
  addOffsets,
  addPartitions,
  type CommittedOffset,
  endTxn,
  initProducerId,
  offsetFetch,
  produce,
  type ProducerIdentity,
  txnOffsetCommit,
} from "./protocol/transaction_requests.ts";
import type { Wire } from "./wire.ts";

/** What a session is opened with. */
export interface SessionOptions {
  /** Connections of its own: discarding the session closes them. */
  readonly cluster: Cluster;
  /** Transactional id and group. */
  readonly id: string;
  /** Topic on whose partition 0 the progress is committed. */
  readonly progressTopic: string;
  /** Topics that messages go to. */
  readonly topics: readonly string[];
  /** Most bytes of a batch, by topic. */
  readonly batchBytes: ReadonlyMap<string, number>;
  /** How batches are compressed. */
  readonly compression: Compression;
  /** Milliseconds after which the broker aborts an open transaction by itself. */
  readonly transactionTimeout: number;
  /** Milliseconds that the sending of one transaction may take. */
  readonly sendTimeout: number;
  /** Milliseconds that coordinators may take to get ready. */
  readonly waitTimeout: number;
  /** Told why something is asked or sent again. */
  readonly onRetry: (reason: string) => void;
}

/** An initialised producer with the progress it found. */
export interface Opened {
  /** Ready. */
  readonly session: Session;
  /** Undefined if there is none. */
  readonly committed: CommittedOffset | undefined;
}

/** See the module's description. */
export class Session {
  readonly #options: SessionOptions;
  readonly #producer: ProducerIdentity;
  readonly #coordinator: Wire;
  readonly #groupCoordinator: Wire;
  readonly #writer: BatchWriter;
  #leaders: Leaders;
  #throttledUntil = 0;
  #state: "ready" | "adding" | "sending" | "ending" | "discarded" = "ready";

  private constructor(
    options: SessionOptions,
    { producer, coordinator, groupCoordinator, leaders }: {
      readonly producer: ProducerIdentity;
      readonly coordinator: Wire;
      readonly groupCoordinator: Wire;
      readonly leaders: Leaders;
    },
  ) {
    this.#options = options;
    this.#producer = producer;
    this.#coordinator = coordinator;
    this.#groupCoordinator = groupCoordinator;
    this.#leaders = leaders;
    const shapes = new Map<string, TopicShape>();
    for (const [topic, partitions] of leaders) {
      const batchBytes = options.batchBytes.get(topic) ?? BATCH_BYTES;
      shapes.set(topic, { partitions: partitions.length, batchBytes });
    }
    this.#writer = new BatchWriter(producer, shapes, options.compression);
  }

  /** Takes the transactional id, then reads the progress: see the module's description. */
  static async open(options: SessionOptions): Promise<Opened> {
    const { cluster, id, progressTopic, topics, transactionTimeout } = options;
    const leaders = await leadersOf(cluster, topics);
    const transaction = await atCoordinator(
      options,
      "transaction",
      initProducerId(id, transactionTimeout),
    );
    const group = await atCoordinator(options, "group", offsetFetch(id, progressTopic));
    const session = new Session(options, {
      producer: transaction.answer,
      coordinator: transaction.wire,
      groupCoordinator: group.wire,
      leaders,
    });
    return { session, committed: group.answer };
  }

  /** How many partitions each topic has. */
  get partitions(): ReadonlyMap<string, number> {
    return new Map([...this.#leaders].map(([topic, { length }]) => [topic, length]));
  }

  /**
   * Publishes messages and the progress as one transaction. After an error the session is of no use
   * any more, and whether the transaction happened is for the progress to tell.
   *
   * @returns bytes that were sent
   */
  async transact(messages: readonly TopicMessages[], progress: CommittedOffset): Promise<number> {
    this.#enter("ready", "adding");
    const { id, progressTopic } = this.#options;
    const producer = this.#producer;
    try {
      // A quota is waited for outside of a transaction, which must not take long.
      await sleep(this.#throttledUntil - Date.now());
      // First, while the coordinator writes the markers of the transaction before.
      const lanes = this.#writer.write(messages, Date.now());
      const additions: ApiRequest<void>[] = [addOffsets(producer, id)];
      if (lanes.length > 0) additions.push(addPartitions(producer, partitionsOf(lanes)));
      await Promise.all(
        additions.map((request) => this.#wait(() => this.#coordinator.request(request))),
      );
      const deadline = Date.now() + this.#options.sendTimeout;
      this.#enter("adding", "sending");
      const commit = txnOffsetCommit(producer, id, progressTopic, progress);
      await Promise.all([
        this.#deliver(lanes, deadline),
        this.#wait(() => this.#groupCoordinator.request(commit)),
      ]);
      if (Date.now() > deadline) throw new Error("sending took too long");
      this.#enter("sending", "ending");
      await this.#wait(() => this.#coordinator.request(endTxn(producer, true)));
      this.#enter("ending", "ready");
      return lanes.reduce((sum, { batches }) => batches.reduce((s, b) => s + b.length, sum), 0);
    } catch (error) {
      this.#state = "discarded";
      throw error;
    }
  }

  /**
   * Aborts what is open, so that consumers need not wait for it to time out. Only for a producer that
   * is not replaced; errors are of no interest then.
   */
  async abort(): Promise<void> {
    this.#state = "discarded";
    await this.#coordinator.request(endTxn(this.#producer, false)).catch(() => {});
  }

  /** Drops the connections. */
  close(): void {
    this.#state = "discarded";
    this.#options.cluster.close();
  }

  async #deliver(lanes: readonly Lane[], deadline: number): Promise<void> {
    const { cluster, topics, onRetry } = this.#options;
    await deliver(lanes, {
      leaderOf: (topic, partition) => this.#leaders.get(topic)?.[partition],
      refresh: async () => {
        this.#leaders = await leadersOf(cluster, topics);
      },
      send: async (leader, batches) => {
        const wire = await cluster.wire(leader);
        const timeout = Math.max(1_000, deadline - Date.now());
        const request = produce(this.#producer, timeout, batches);
        const { produced, throttle } = await wire.request(request);
        this.#throttledUntil = Math.max(this.#throttledUntil, Date.now() + throttle);
        return produced;
      },
      deadline,
      onRetry,
    });
  }

  #wait<T>(request: () => Promise<T>): Promise<T> {
    return waiting(request, WAITS, this.#options);
  }

  #enter(from: "ready" | "adding" | "sending" | "ending", to: typeof from): void {
    if (this.#state !== from) throw new TypeError(`the producer is ${this.#state}, not ${from}`);
    this.#state = to;
  }
}

/** The leader of each partition, undefined where there is none, by topic. */
type Leaders = ReadonlyMap<string, readonly (Address | undefined)[]>;

async function leadersOf(cluster: Cluster, topics: readonly string[]): Promise<Leaders> {
  const { brokers, topics: found } = await cluster.metadata(topics);
  return new Map(found.map(({ code, name, partitions }) => {
    // A topic may be without a leader for a moment, which its partitions say as well.
    if (code !== CODES.LEADER_NOT_AVAILABLE) checkCode("Metadata", code, name);
    return [name, partitions.map(({ leader }) => brokers.get(leader))];
  }));
}

/** What a coordinator says that is just busy; nothing has been done then. */
const WAITS: ReadonlySet<string> = new Set([
  "CONCURRENT_TRANSACTIONS",
  "COORDINATOR_LOAD_IN_PROGRESS",
]);

/** What coordinators say as long as there is none, or it has undecided transactions. */
const STARTING: ReadonlySet<string> = new Set([
  ...WAITS,
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "UNSTABLE_OFFSET_COMMIT",
]);

/** Asks a coordinator; one that has moved is looked for again. */
async function atCoordinator<T>(
  options: SessionOptions,
  kind: CoordinatorKind,
  request: ApiRequest<T>,
): Promise<{ readonly wire: Wire; readonly answer: T }> {
  return await waiting(
    async () => {
      const wire = await options.cluster.coordinator(kind, options.id);
      return { wire, answer: await wire.request(request) };
    },
    STARTING,
    options,
  );
}

async function waiting<T>(
  request: () => Promise<T>,
  reasons: ReadonlySet<string>,
  { waitTimeout, onRetry }: SessionOptions,
): Promise<T> {
  const end = Date.now() + waitTimeout;
  for (let attempt = 0;; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof BrokerError) || !reasons.has(error.type)) throw error;
      if (Date.now() > end) throw error;
      // The markers of the transaction before are usually a matter of milliseconds, and no news.
      if (attempt > 5) onRetry(error.message);
      await pause(attempt, 1);
    }
  }
}

function partitionsOf(
  lanes: readonly Lane[],
): { readonly topic: string; readonly partitions: readonly number[] }[] {
  return [...Map.groupBy(lanes, ({ topic }) => topic)].map(([topic, lanes]) => ({
    topic,
    partitions: lanes.map(({ partition }) => partition),
  }));
}
