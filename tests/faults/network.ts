/**
 * Faults between the scoring process and the brokers, at every kind of request.
 */

import assert from "node:assert/strict";
import { type Moment, type Request, REQUESTS, startProxy, type Verdict } from "./proxy.ts";
import { assertWhole, attempt, finish, newRun, succeeds } from "./run.ts";
import { type ClusterName, EXTENDED, inTurns } from "./world.ts";

/** What can happen to a request. */
const FAULTS = {
  "is cut off before the broker gets it": fault("before", () => "cut"),
  "is cut off before the answer comes": fault("after", () => "cut"),
  "never gets an answer": fault("after", () => "silence"),
  "is answered late": fault("after", () => later(1_000)),
  // The client has given up and gone on by then.
  "gets to the broker much too late": fault("before", () => later(15_000)),
} as const;

type Fault = keyof typeof FAULTS;

/** Faults of one run, each at the nth request of a kind. */
type Plan = readonly { readonly fault: Fault; readonly request: Request; readonly nth: number }[];

const KINDS = Object.keys(REQUESTS) as Request[];

/**
 * Requests of which a run without faults sends few: producer ids for the shard and for the completion,
 * metadata for the first look at the cluster and for each of these producers.
 */
const FEW: Partial<Record<Request, number>> = { InitProducerId: 1, Metadata: 2 };

/** In turn, so that each one meets a run that has recovered from the one before. */
const oneByOne = (fault: Fault): Plan =>
  KINDS.map((request, i) => ({ fault, request, nth: FEW[request] ?? 2 + 2 * i }));

/** One run each: these take a time-out. */
const apart = (fault: Fault, requests: readonly Request[], nth = 3): Plan[] =>
  requests.map((request) => [{ fault, request, nth: FEW[request] ?? nth }]);

const SHORT: readonly [ClusterName, Plan][] = [
  ["one", oneByOne("is cut off before the broker gets it")],
  ["one", oneByOne("is cut off before the answer comes")],
  ["one", oneByOne("is answered late")],
  // Brokers before 4 have the older protocol of transactions.
  ["three", oneByOne("is cut off before the answer comes")],
  ...[
    ...apart("never gets an answer", KINDS),
    ...apart("gets to the broker much too late", ["InitProducerId", "Produce", "EndTxn"]),
  ].map((plan): [ClusterName, Plan] => ["one", plan]),
];

const LONG: readonly [ClusterName, Plan][] = (["one", "three"] as const).flatMap((cluster) =>
  (Object.keys(FAULTS) as Fault[]).flatMap((fault) =>
    [2, 3, 7].flatMap((nth) => apart(fault, KINDS, nth)).map(
      (plan): [ClusterName, Plan] => [cluster, plan],
    )
  )
);

Deno.test("score begins again when its first look at the cluster fails, if it may", async () => {
  const run = await newRun({ day: "tiny" });
  const verdicts: Verdict[] = EXTENDED ? ["cut", "silence", "cut"] : ["cut"];
  await using proxy = startProxy(
    run.cluster.saslBootstrapServers,
    ({ request, when }) => request === "Metadata" && when === "after" && verdicts.shift() || "pass",
  );
  const options = { servers: proxy.bootstrapServers, args: ["--retry-for=2m"] };
  await assertWhole(run, await finish(run, options));
  assert.deepEqual(verdicts, []);
});

Deno.test("score recovers by itself from whatever happens to a request", async () => {
  const plans = EXTENDED ? [...SHORT, ...LONG] : SHORT;
  // Side by side, since most of them wait.
  await inTurns(8, plans, ([cluster, plan]) => survives(cluster, plan));
});

async function survives(cluster: ClusterName, plan: Plan): Promise<void> {
  const run = await newRun({ cluster });
  const met = new Set<Request>();
  await using proxy = startProxy(run.cluster.saslBootstrapServers, (moment) => {
    const planned = plan.find(({ request, nth }) =>
      request === moment.request && nth === moment.nth
    );
    const verdict = planned === undefined ? undefined : FAULTS[planned.fault](moment);
    if (verdict !== undefined) met.add(moment.request);
    return verdict ?? "pass";
  });
  const name = plan.map(({ fault, request, nth }) => `${request} ${nth} ${fault}`).join(", ");
  const scoring = await attempt(run, { servers: proxy.bootstrapServers });
  try {
    await assertWhole(run, await succeeds(scoring, run));
  } catch (error) {
    throw new Error(`${cluster}: ${name}`, { cause: error });
  }
  for (const { request } of plan) {
    // The newer protocol of transactions has no such requests.
    const never = IMPLICIT.has(request) && proxy.seen(request) === 0;
    assert.ok(met.has(request) || never, `${cluster}: ${name}: ${request} was not met`);
  }
}

const IMPLICIT: ReadonlySet<Request> = new Set(["AddPartitionsToTxn", "AddOffsetsToTxn"]);

function fault(
  when: Moment["when"],
  act: () => Verdict | Promise<Verdict>,
): (moment: Moment) => Verdict | Promise<Verdict> | undefined {
  return (moment) => moment.when === when ? act() : undefined;
}

async function later(milliseconds: number): Promise<Verdict> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return "pass";
}
