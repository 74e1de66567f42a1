/** Data by https: from a real server with an authority of its own, good and bad. */

import assert from "node:assert/strict";
import { provided, task } from "./job/task.ts";
import { serveFolder } from "./reading/https_server.ts";

const MONTHS = "examples/flights/train";
const FOLDER = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));
await Deno.mkdir(`${FOLDER}/day=2013-01-31`);
const joined = await new Deno.Command(provided("ML_TEST_PYTHON"), {
  args: [
    "-c",
    "import sys, pyarrow.parquet as p; p.write_table(p.read_table(sys.argv[1]), sys.argv[2])",
    MONTHS,
    `${FOLDER}/a.parquet`,
  ],
}).output();
assert.equal(joined.code, 0, new TextDecoder().decode(joined.stderr));
await Deno.copyFile(`${FOLDER}/a.parquet`, `${FOLDER}/day=2013-01-31/a.parquet`);
await Deno.writeTextFile(`${FOLDER}/a.csv`, "x,y\n" + "1,AA\n2.5,\n".repeat(20_000));

const OK = ["good", "no-etag", "no-ranges", "no-validator", "nothing", "flaky", "moved"];

Deno.test("what is read by https is what the file has, however the server gives it", async () => {
  await using server = await serveFolder(FOLDER);
  for (const name of ["a.parquet", "a.csv"]) {
    const uris = OK.map((manner) => `${server.origin}/${manner}/${name}`);
    const [near, ...far] = await read(server, "", [`${FOLDER}/${name}`, ...uris]);
    assert.ok(Number(near?.["rows"]) > 5000);
    far.forEach((each, i) => assert.deepEqual(each, near, uris[i]));
  }
  const { size } = await Deno.stat(`${FOLDER}/a.parquet`);
  server.sent = 0;
  await read(server, "carrier", [`${server.origin}/good/a.parquet`]);
  assert.ok(server.sent < size / 4, `${server.sent} of ${size} bytes were sent`);
  const [day] = await read(server, "day", [`${server.origin}/good/day=2013-01-31/a.parquet`]);
  assert.ok(day?.["hash"], JSON.stringify(day));
});

Deno.test("what is wrong with a server is said, with what to do about it", async () => {
  await using server = await serveFolder(FOLDER);
  const { origin } = server;
  const wrong: readonly [uri: string, exit: number, code: string, message: RegExp][] = [
    [`${origin}/replaced/a.parquet`, 3, "data.changed", /another file now/],
    [`${origin}/replaced-no-etag/a.parquet`, 3, "data.changed", /another file now/],
    [`${origin}/endless/a.parquet`, 3, "data.too-large", /more than 256 MiB/],
    [`${origin}/huge/a.parquet`, 3, "data.too-large", /more than 256 MiB/],
    [`${origin}/good/absent.parquet`, 3, "data.unreadable", /absent\.parquet: it is gone/],
    [`${origin}/denied/a.parquet`, 4, "storage.denied", /answered 403/],
    [`${origin}/downgraded/a.parquet`, 4, "storage.refused", /without encryption/],
    ["https://localhost:9/a.parquet", 4, "storage.unreachable", /did not answer/],
    [
      origin.replace("localhost", "127.0.0.1") + "/good/a.parquet",
      4,
      "storage.untrusted",
      /DENO_CERT/,
    ],
    [
      origin.replace("https", "http") + "/a.parquet",
      2,
      "data.unknown-uri",
      /http:\/\/ is not encrypted/,
    ],
    [
      origin.replace("//", "//me:geheim@") + "/a.csv",
      2,
      "data.unknown-uri",
      /\*\*\*@.*credentials/,
    ],
    [`${origin}/a.csv?X-Amz-Signature=geheim`, 2, "data.unknown-uri", /credentials/],
  ];
  const found = await read(server, "", wrong.map(([uri]) => uri));
  wrong.forEach(([uri, exit, code, message], i) => {
    const { code: foundCode, exit: foundExit, message: text } = found[i] ?? {};
    assert.deepEqual([foundExit, foundCode], [exit, code], `${uri}: ${text}`);
    assert.match(String(text), message);
    assert.ok(!String(text).includes("geheim"));
  });
});

Deno.test("training validate takes a URL, and trusts nobody whom it is not told to", async () => {
  await using server = await serveFolder(FOLDER);
  const args = ["validate", "--data", `${server.origin}/good/a.parquet`, "--label", "late"];
  const report = ["--report", `${FOLDER}/report`];
  const trusting = await task("training", [...args, ...report], {
    DENO_CERT: await authority(server),
  });
  assert.equal(trusting.code, 0, trusting.log);
  assert.equal(trusting.summary["status"], "valid");
  const strict = await task("training", [...args, ...report]);
  assert.equal(strict.code, 4, strict.log);
  assert.match(strict.log, /"storage\.untrusted"/);
});

interface Server {
  readonly authority: string;
}

async function authority(server: Server): Promise<string> {
  const path = `${FOLDER}/authority.pem`;
  await Deno.writeTextFile(path, server.authority);
  return path;
}

async function read(
  server: Server,
  columns: string,
  uris: readonly string[],
): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-net=localhost,127.0.0.1"],
      ...["tests/reading/https_client.ts", columns, ...uris],
    ],
    env: { NO_COLOR: "1", DENO_CERT: await authority(server) },
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
}
