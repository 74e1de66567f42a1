/**
 * `deno task services` on a set of services of its own; the smallest of them is enough.
 */
import assert from "node:assert/strict";
import { respondsOk, until } from "../scripts/services/readiness.ts";

const SCRIPT = new URL("../scripts/services.ts", import.meta.url).href;

Deno.test("services start outlives its command, and starting again changes nothing", async () => {
  await withFolder(async (folder) => {
    const { s3 } = await start(folder);
    const first = await status(folder);
    assert.equal(first.running, true);
    assert.equal(first.endpoint, s3.endpoint);
    assert.ok(await respondsOk(s3.endpoint));
    assert.deepEqual(await start(folder), { s3 });
    assert.deepEqual(await status(folder), first);
  });
});

Deno.test("services stop leaves neither process nor port nor state", async () => {
  await withFolder(async (folder) => {
    const { s3 } = await start(folder);
    const { process } = await status(folder);
    await services("stop", folder);
    assert.ok(await isGone(process));
    assert.equal(await respondsOk(s3.endpoint), false);
    await assert.rejects(Deno.stat(`${folder}/state.json`), Deno.errors.NotFound);
    await services("stop", folder);
  });
});

Deno.test("services start replaces one that died", async () => {
  await withFolder(async (folder) => {
    await start(folder);
    const before = await status(folder);
    Deno.kill(before.process, "SIGKILL");
    const { s3 } = await start(folder);
    assert.ok(await respondsOk(s3.endpoint));
    assert.notEqual((await status(folder)).process, before.process);
  });
});

Deno.test("services stop leaves alone a stranger that got the number of a dead service", async () => {
  await withFolder(async (folder) => {
    const stranger = new Deno.Command("sleep", { args: ["60"], detached: true }).spawn();
    const state = {
      mode: "native",
      endpoints: { s3: { endpoint: "http://127.0.0.1:1" } },
      processes: { s3: { pid: stranger.pid, log: `${folder}/log.txt` } },
    };
    await Deno.writeTextFile(`${folder}/state.json`, JSON.stringify(state));
    assert.equal((await status(folder)).running, false);
    await services("stop", folder);
    Deno.kill(stranger.pid, "SIGKILL");
    assert.equal((await stranger.status).signal, "SIGKILL");
  });
});

Deno.test("startLeashed() ends the program when the process that started it is killed", async () => {
  const folder = await Deno.makeTempDir();
  const leash = new URL("../scripts/services/leash.ts", import.meta.url).href;
  await Deno.writeTextFile(
    `${folder}/start.ts`,
    `import { startLeashed } from ${JSON.stringify(leash)};
    const { pid } = await startLeashed({ command: "sleep", args: ["600"] }, ${
      JSON.stringify(`${folder}/log.txt`)
    });
    console.log(pid);
    await new Promise((resolve) => setTimeout(resolve, 600_000));`,
  );
  const owner = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", `${folder}/start.ts`],
    stdout: "piped",
  }).spawn();
  const reader = owner.stdout.getReader();
  const pid = Number(new TextDecoder().decode((await reader.read()).value));
  Deno.kill(pid, "SIGCONT"); // It is there.
  owner.kill("SIGKILL");
  await owner.status;
  await reader.cancel();
  assert.ok(await isGone(pid));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("services says what is wrong with a command line, and exits with 2", async () => {
  for (const args of [[], ["begin"], ["start", "--only", "kafak"], ["start", "--fast"]]) {
    const { code, stderr } = await run(args);
    assert.equal(code, 2);
    assert.match(stderr, /^Cannot tell what to do with the services: .*\. Use: deno task services/);
  }
});

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(folder);
  } finally {
    await services("stop", folder);
    await Deno.remove(folder, { recursive: true });
  }
}

interface Status {
  readonly running: boolean;
  readonly process: number;
  readonly endpoint: string;
}

async function start(folder: string): Promise<{ s3: { endpoint: string } }> {
  return JSON.parse(await services("start", folder));
}

async function status(folder: string): Promise<Status> {
  return JSON.parse(await services("status", folder))[0];
}

async function services(command: "start" | "stop" | "status", folder: string): Promise<string> {
  const options = ["--only", "s3", "--mode", "native", "--state", folder, "--json"];
  const { code, stdout, stderr } = await run([command, ...options]);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** The system may take a moment to forget a process that has ended. */
function isGone(process: number): Promise<boolean> {
  return until(() => {
    try {
      Deno.kill(process, "SIGCONT");
      return Promise.resolve(false);
    } catch (error) {
      return Promise.resolve(error instanceof Deno.errors.NotFound);
    }
  }, 10_000);
}

async function run(
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", SCRIPT, ...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}
