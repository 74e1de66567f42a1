import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelVersion } from "./store.ts";
import { inTurn, TURN_TAG, type TurnRegistry } from "./turn.ts";

/** Versions in memory whose every access waits for the scheduler. */
function registryOf(count: number, when: <T>(act: () => T) => Promise<T>) {
  const tags = Array.from({ length: count }, (): Record<string, string> => ({}));
  const registry: TurnRegistry = {
    versions: (name) =>
      when(() =>
        tags.map((each, i): ModelVersion => ({
          name,
          version: String(i + 1),
          runId: "",
          source: "",
          stage: "None",
          aliases: [],
          tags: { ...each },
        }))
      ),
    setVersionTags: (_, version, added) =>
      when(() => void Object.assign(tags[Number(version) - 1] ?? {}, added)),
    deleteVersionTag: (_, version, key) => when(() => void delete tags[Number(version) - 1]?.[key]),
  };
  return { registry, tags };
}

Deno.test("inTurn() lets no two have their turn at once, in whatever order requests arrive", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (s, count) => {
      const { registry, tags } = registryOf(
        count,
        (act) => s.schedule(Promise.resolve()).then(act),
      );
      let inside = 0;
      let most = 0;
      const done = Promise.all(
        tags.map((_, i) =>
          inTurn(registry, { name: "m", version: String(i + 1) }, async () => {
            most = Math.max(most, ++inside);
            await s.schedule(Promise.resolve());
            inside--;
          }, { pollMs: 1 })
        ),
      );
      await s.waitFor(done);
      assert.equal(most, 1);
      assert.ok(tags.every((each) => each[TURN_TAG] === undefined));
    }),
    { numRuns: 20 },
  );
});

Deno.test("inTurn() passes over who died with the flag raised, once it has expired", async () => {
  const { registry, tags } = registryOf(2, (act) => Promise.resolve(act()));
  const [first] = tags;
  assert.ok(first);
  first[TURN_TAG] = new Date(Date.now() - 1).toISOString();
  assert.equal(await inTurn(registry, { name: "m", version: "2" }, () => Promise.resolve(7)), 7);
});

Deno.test("inTurn() lowers the flag where the action fails", async () => {
  const { registry, tags } = registryOf(1, (act) => Promise.resolve(act()));
  const fail = () => Promise.reject(new Error("no"));
  await assert.rejects(inTurn(registry, { name: "m", version: "1" }, fail), /no/);
  assert.deepEqual(tags, [{}]);
});

Deno.test("inTurn() uses the store's own lock, and lets go of it also if it comes too late", async () => {
  const { registry, tags } = registryOf(1, (act) => Promise.resolve(act()));
  const taken = Promise.withResolvers<void>();
  let held = 0;
  const lock = () => {
    held++;
    return taken.promise.then(() => ({ [Symbol.dispose]: () => void held-- }));
  };
  const version = { name: "m", version: "1" };
  const stop = new AbortController();
  const never = () => Promise.reject(new Error("its turn was over"));
  const stopped = inTurn({ ...registry, lock }, version, never, { signal: stop.signal });
  const waiting = inTurn({ ...registry, lock }, version, () => Promise.resolve(held));
  stop.abort(new Error("stopped"));
  await assert.rejects(stopped, /stopped/);
  taken.resolve();
  assert.equal(await waiting, 1);
  assert.equal(held, 0);
  assert.deepEqual(tags, [{}]);
});
