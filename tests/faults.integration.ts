/**
 * Scoring exactly once whatever breaks: `deno task score` as a user runs it, as a principal with the
 * least rights, against real brokers that are killed, frozen and cut off. What it has published is
 * read back by librdkafka. `ML_TEST_SEED` repeats the random moments of a run.
 */

import { endWorld, world } from "./faults/world.ts";
// First, since they kill the brokers under whatever else runs.
import "./faults/brokers.ts";
import { testWaking } from "./faults/frozen.ts";
import "./faults/connections.ts";
import "./faults/history.ts";
import "./faults/rivals.ts";
import "./faults/network.ts";
import "./faults/kills.ts";

Deno.test.beforeAll(async () => void await world());
Deno.test.afterAll(endWorld);
testWaking();
