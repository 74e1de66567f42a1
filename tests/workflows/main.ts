/** `main` and `ci`: what a push has to pass before anything is built or deployed. */
import assert from "node:assert/strict";
import { act, actTest } from "./act.ts";
import { checkoutOf, SMALL } from "./repository.ts";
import { withoutActionlint } from "./tools.ts";

actTest("ci checks formatting, types, definitions, licences, and runs all areas once", async () => {
  await using checkout = await checkoutOf();
  const done = await act(checkout, { workflow: "ci", event: "pull_request" });
  assert.equal(done.code, 0, done.log);
  assert.deepEqual(done.failed, []);
  const ran = [...done.log.matchAll(/── (\w+) ──/g)].map(([, area]) => area).sort();
  assert.deepEqual(ran, [
    ...["binaries", "binaries", "binaries", "delivery", "delivery", "five", "four"],
    ...["infra", "infra", "one", "terraform", "terraform", "three", "two"],
  ]);
  assert.match(done.log, /licences/);
}, withoutActionlint);

actTest("a test that fails stops the push: nothing is built, nothing deployed", async () => {
  await using checkout = await checkoutOf({ quick: true });
  await checkout.change(SMALL, (text) => text.replace("3)", "4)"), "test: wrong");
  const done = await act(checkout, { workflow: "main", event: "push" });
  assert.notEqual(done.code, 0);
  assert.match(done.log, /3 !== 4/);
  assert.deepEqual(done.asked.filter((one) => !one.startsWith("setup-") && one !== "cache"), []);
  assert.deepEqual(await checkout.gh(), []);
});
