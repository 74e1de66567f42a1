/**
 * Random SIGKILL: the scoring process dies again and again at any moment, and goes on.
 */

import assert from "node:assert/strict";
import { say } from "../../scripts/services/output.ts";
import { startProxy, type Verdict } from "./proxy.ts";
import { assertWhole, attempt, newRun, succeeds } from "./run.ts";
import { type ClusterName, type Day, EXTENDED, randomOf } from "./world.ts";

const SEED = Number(Deno.env.get("ML_TEST_SEED") ?? Math.floor(Math.random() * 2 ** 31));

/** What an attempt is killed at. */
interface Storm {
  readonly cluster: ClusterName;
  readonly day: Day;
  readonly batch: number;
  /** How many attempts must die before one is left alone. */
  readonly kills: number;
  /** Most transactions of an attempt before it is killed; few enough for all the kills. */
  readonly transactions: number;
}

const STORMS: readonly Storm[] = EXTENDED
  ? [
    { cluster: "one", day: "large", batch: 500, kills: 500, transactions: 4 },
    { cluster: "three", day: "large", batch: 2_000, kills: 50, transactions: 8 },
  ]
  : [{ cluster: "one", day: "large", batch: 1_000, kills: 20, transactions: 6 }];

for (const storm of STORMS) {
  const { cluster, day, batch, kills, transactions } = storm;
  Deno.test(`score, killed ${kills} times at random (${cluster}, seed ${SEED}), publishes each row once`, async () => {
    const random = randomOf(SEED);
    const upTo = (most: number) => Math.floor(random() * (most + 1));
    const run = await newRun({ cluster, day, batch });
    // Of the attempt that runs: transactions until its last one, then moments until its end.
    let [transaction, moment] = [Infinity, Infinity];
    let strike = (): Verdict => "pass";
    await using proxy = startProxy(run.cluster.saslBootstrapServers, ({ request, when }) => {
      if (transaction > 0) {
        if (request === "EndTxn" && when === "after") transaction--;
        return "pass";
      }
      return --moment === 0 ? strike() : "pass";
    });
    for (let killed = 0; killed < kills;) {
      // A fifth of them before they have published anything; the others in the midst of it: at once,
      // so that the broker never gets the request, or a little later.
      const early = random() < 0.2;
      const delay = early ? random() * 1_500 : random() < 0.5 ? 0 : random() * 30;
      [transaction, moment] = early ? [1, 1] : [upTo(transactions), 1 + upTo(11)];
      const scoring = await attempt(run, { servers: proxy.bootstrapServers });
      const kill = () => scoring.signal("SIGKILL");
      let timer = early ? setTimeout(kill, delay) : undefined;
      strike = () => {
        if (early || delay === 0) return kill(), "cut";
        timer = setTimeout(kill, delay);
        return "pass";
      };
      const { code, signal, log } = await scoring.result;
      clearTimeout(timer);
      if (signal === "SIGKILL") killed++;
      else assert.fail(`ended with ${code} after ${killed} kills: ${log}`);
    }
    [transaction, moment] = [Infinity, Infinity];
    const summary = await succeeds(
      await attempt(run, { servers: proxy.bootstrapServers }),
      run,
    );
    const { aborted } = await assertWhole(run, summary);
    say(`${kills} kills left ${aborted} aborted records`);
  });
}
