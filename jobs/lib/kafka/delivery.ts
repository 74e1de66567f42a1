/**
 * Gets the batches of a transaction to their partitions' leaders.
 *
 * Batches of a partition are sent in order, at most five of them unanswered: so many the broker
 * remembers, and it takes a batch that it has already for a duplicate. A batch that a broker refused
 * for a reason that passes, such as a leader that moved, is sent again as the identical bytes; but
 * only once nothing is in flight any more, so that every earlier attempt has a definite answer, and
 * with all batches after it, in order. What has no definite answer (a connection that broke, a
 * time-out) or one that does not pass is an error for the caller, who discards the producer.
 *
 * @module
 */
import { pause } from "./patience.ts";
import type { Address } from "./protocol/cluster_requests.ts";
import { BrokerError, CODES } from "./protocol/broker_error.ts";
import type { Outgoing, Produced } from "./protocol/transaction_requests.ts";

/** The batches of one partition, and how far they are. */
export interface Lane {
  /** The topic. */
  readonly topic: string;
  /** The partition. */
  readonly partition: number;
  /** Sealed, in order. */
  readonly batches: readonly Uint8Array[];
}

/** What delivery needs of the cluster. */
export interface Delivery {
  /** The leader of a partition; undefined if there is none at the moment. */
  readonly leaderOf: (topic: string, partition: number) => Address | undefined;
  /** Asks for the leaders anew. */
  readonly refresh: () => Promise<void>;
  /** Sends one request. */
  readonly send: (leader: Address, batches: readonly Outgoing[]) => Promise<readonly Produced[]>;
  /** When to give up, in milliseconds since 1970. */
  readonly deadline: number;
  /** Told why something is sent again. */
  readonly onRetry: (reason: string) => void;
}

/** Most unanswered batches of a partition. */
const IN_FLIGHT = 5;

/** Resolves once all batches are stored. @throws whatever says that they may not be */
export async function deliver(lanes: readonly Lane[], delivery: Delivery): Promise<void> {
  const states = lanes.map((lane) => new LaneState(lane));
  const pending = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const launch = (leader: Address, group: readonly LaneState[]) => {
    const sent = group.map((lane) => ({ lane, index: lane.take() }));
    const request = delivery.send(leader, sent.map(({ lane, index }) => lane.outgoing(index)))
      .then((answers) => {
        for (const { lane, index } of sent) lane.answer(index, answers);
      })
      .catch((error) => {
        failure ??= { error };
      })
      .finally(() => pending.delete(request));
    pending.add(request);
  };
  for (let attempt = 0; states.some((lane) => !lane.isStored);) {
    if (Date.now() > delivery.deadline) {
      throw new Error(`batches were not stored in time${reasonOf(states)}`);
    }
    for (let ready = readyOf(states); ready.length > 0; ready = readyOf(states)) {
      const groups = Map.groupBy(
        ready,
        ({ lane }) => delivery.leaderOf(lane.topic, lane.partition),
      );
      for (const [leader, group] of groups) {
        if (leader !== undefined) launch(leader, group);
        else for (const lane of group) lane.fail("there is no leader");
      }
    }
    if (pending.size > 0) {
      await Promise.race(pending);
      if (failure !== undefined) throw failure.error;
      continue;
    }
    const failed = states.filter((lane) => lane.failure !== undefined);
    delivery.onRetry(failed[0]?.failure ?? "");
    await pause(attempt++, 20);
    await delivery.refresh();
    for (const lane of failed) lane.again();
  }
}

class LaneState {
  readonly lane: Lane;
  /** Why it waits for everything in flight to be answered. */
  failure: string | undefined;
  #next = 0;
  #stored = 0;
  #inFlight = 0;
  readonly #done: boolean[] = [];

  constructor(lane: Lane) {
    this.lane = lane;
  }

  get isStored(): boolean {
    return this.#stored === this.lane.batches.length;
  }

  get isReady(): boolean {
    return this.failure === undefined && this.#inFlight < IN_FLIGHT &&
      this.#next < this.lane.batches.length;
  }

  take(): number {
    this.#inFlight++;
    return this.#next++;
  }

  outgoing(index: number): Outgoing {
    const { topic, partition, batches } = this.lane;
    return { topic, partition, batch: batches[index] ?? new Uint8Array() };
  }

  answer(index: number, answers: readonly Produced[]): void {
    const { topic, partition } = this.lane;
    const found = answers.find((one) => one.topic === topic && one.partition === partition);
    if (found === undefined) throw new Error(`no answer for partition ${partition} of ${topic}`);
    this.#inFlight--;
    // A duplicate is what the broker has already.
    if (found.code === 0 || found.code === CODES.DUPLICATE_SEQUENCE_NUMBER) {
      this.#done[index] = true;
      while (this.#done[this.#stored]) this.#stored++;
      return;
    }
    const error = new BrokerError("Produce", found.code, found.detail);
    if (!PASSES.has(error.type)) throw error;
    this.fail(error.message);
  }

  fail(reason: string): void {
    this.failure ??= reason;
  }

  again(): void {
    this.failure = undefined;
    this.#next = this.#stored;
  }
}

/** Reasons for which nothing is stored, or for which what is stored is recognised when it comes again. */
const PASSES: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
  "NOT_LEADER_OR_FOLLOWER",
  "REQUEST_TIMED_OUT",
  "REPLICA_NOT_AVAILABLE",
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "KAFKA_STORAGE_ERROR",
  "FENCED_LEADER_EPOCH",
  "UNKNOWN_LEADER_EPOCH",
  "CONCURRENT_TRANSACTIONS",
  "COORDINATOR_LOAD_IN_PROGRESS",
]);

function readyOf(states: readonly LaneState[]): LaneState[] {
  return states.filter((lane) => lane.isReady);
}

function reasonOf(states: readonly LaneState[]): string {
  const reason = states.find((lane) => lane.failure !== undefined)?.failure;
  return reason === undefined ? "" : `: ${reason}`;
}
