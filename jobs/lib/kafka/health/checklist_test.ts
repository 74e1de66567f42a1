import assert from "node:assert/strict";
import { Checklist, type Finding, worst } from "./checklist.ts";

type Name = "a" | "b" | "c" | "d";

const explain = (_: Name, error: unknown): Finding => ({ verdict: "fail", found: `${error}` });
const found = (verdict: Finding["verdict"]) => () => Promise.resolve({ verdict, found: verdict });

Deno.test("Checklist skips what needs a failed step, however far, and nothing else", async () => {
  const told: string[] = [];
  const list = new Checklist<Name>({
    milliseconds: 10_000,
    explain,
    onStep: ({ name }) => told.push(name),
  });
  await list.take("a", [], 100, () => Promise.reject(new Error("no")));
  await list.take("b", ["a"], 100, found("ok"));
  await list.take("c", ["b"], 100, found("ok"));
  await list.take("d", [], 100, found("warn"));
  assert.deepEqual(list.steps.map(({ verdict, found }) => [verdict, found]), [
    ["fail", "Error: no"],
    ["skipped", "because a failed"],
    ["skipped", "because b was skipped"],
    ["warn", "warn"],
  ]);
  assert.deepEqual(told, ["a", "b", "c", "d"]);
});

Deno.test("Checklist goes on after a step that does not apply", async () => {
  const list = new Checklist<Name>({ milliseconds: 10_000, explain });
  await list.take("a", [], 100, found("skipped"));
  await list.take("b", ["a"], 100, found("ok"));
  assert.deepEqual(list.steps.map(({ verdict }) => verdict), ["skipped", "ok"]);
});

Deno.test("Checklist ends a step that takes too long, and takes none without time", async () => {
  const never = () => new Promise<Finding>(() => {});
  const short = new Checklist<Name>({ milliseconds: 10_000, explain });
  await short.take("a", [], 1, never);
  assert.match(short.steps[0]?.found ?? "", /no answer within/);
  const none = new Checklist<Name>({ milliseconds: 0, explain });
  await none.take("a", [], 100, found("ok"));
  assert.match(none.steps[0]?.found ?? "", /no time is left/);
  assert.match(none.steps[0]?.remedy ?? "", /--timeout/);
});

Deno.test("Checklist lets bugs and the end of the process through", async () => {
  const controller = new AbortController();
  const list = new Checklist<Name>({ milliseconds: 10_000, explain, signal: controller.signal });
  await assert.rejects(
    list.take("a", [], 100, () => Promise.reject(new TypeError("bug"))),
    TypeError,
  );
  controller.abort(new Error("stopped"));
  await assert.rejects(list.take("b", [], 100, found("ok")), /stopped/);
});

Deno.test("worst() is the worst, and what was skipped is not bad", () => {
  assert.equal(worst(["ok", "warn", "fail"]), "fail");
  assert.equal(worst(["ok", "warn", "skipped"]), "warn");
  assert.equal(worst(["skipped"]), "ok");
});
