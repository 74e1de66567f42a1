/**
 * Size and start of the two images, beside what the same jobs in Python would need: a virtual environment
 * with mlflow, scikit-learn, pandas, pyarrow, boto3 and confluent-kafka, imported.
 *
 * usage: deno task bench images [--runs 15] [--write]
 *
 * `--write` puts the table into README.md. Needs root on Linux with buildah and skopeo; Docker's own
 * figures differ by what the base image's digest adds.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build, PROGRAMS } from "../../scripts/build/mod.ts";
import { pythonEnvironment, run } from "../../scripts/services/mod.ts";
import { print, say } from "../../scripts/services/output.ts";
import { buildImage, makeStore, removeStore, type Store } from "../../tests/images/build.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    runs: { type: "string", default: "15" },
    write: { type: "boolean", default: false },
  },
});

/** What is compared. */
interface Figures {
  /** Bytes on disk, and as a registry has them. */
  readonly size: number;
  readonly compressed: number;
  /** Seconds from the start to the first line of the log. */
  readonly cpu: number;
  readonly wall: number;
  /** Bytes of memory then. */
  readonly rss: number;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = `${ROOT}bench/images`;
const IMPORTS =
  "import mlflow, sklearn.ensemble, pandas, pyarrow.parquet, boto3, confluent_kafka; " +
  "print('ready', flush=True)";

Deno.chdir(ROOT);
const figures = new Map<string, Figures>();
await build({ programs: PROGRAMS, output: "dist/amd64", say });
const store = await makeStore();
const work = await Deno.makeTempDir();
try {
  const python = await peerPython();
  const { size, compressed } = await peerSize(python);
  for (const job of PROGRAMS) {
    figures.set(job, { ...await imageSize(job, store), ...await start(ours(job)) });
  }
  figures.set("the Python set", { size, compressed, ...await start([python, "-c", IMPORTS]) });
} finally {
  await removeStore(store);
  await Deno.remove(work, { recursive: true });
}
const lines = table();
for (const line of lines) print(line);
if (values.write) await writeInto(`${ROOT}README.md`, lines);

function ours(job: string): string[] {
  const binary = `${ROOT}dist/amd64/${job}`;
  return job === "training"
    ? [
      ...[binary, "train", "--config=examples/flights/config.json"],
      ...[`--output=${work}/out`, `--tracking-uri=${work}/mlruns`],
    ]
    : [
      ...[binary, "score", "--data=examples/flights/score/day=2013-10-01", "--run-id=bench"],
      ...[`--model-uri=${work}/out/model`, `--run-state=${work}/runs`],
    ];
}

async function start(words: readonly string[]): Promise<Pick<Figures, "cpu" | "wall" | "rss">> {
  say(`starting ${words[0]} ${values.runs} times`);
  const args = [`${HERE}/first_line.py`, values.runs, ...words];
  return JSON.parse(await run({ command: "python3", args }, "measure"));
}

async function imageSize(
  job: string,
  { env }: Store,
): Promise<Pick<Figures, "size" | "compressed">> {
  const image = await buildImage(job, store);
  const folder = `${work}/${job}`;
  await run({
    command: "skopeo",
    args: [
      ...["copy", "--quiet", "--dest-compress", "--format=v2s2"],
      ...[`containers-storage:${image}`, `dir:${folder}`],
    ],
    env,
  }, "compress the image");
  const { layers } = JSON.parse(await Deno.readTextFile(`${folder}/manifest.json`));
  const compressed = layers.reduce((sum: number, { size }: { size: number }) => sum + size, 0);
  const inspected = await run({ command: "podman", args: ["inspect", image], env }, "inspect");
  return { size: JSON.parse(inspected)[0].Size, compressed };
}

/** Of the packages and the interpreter; a base image would come on top. */
async function peerSize(python: string): Promise<Pick<Figures, "size" | "compressed">> {
  const folders = JSON.parse(
    await run({
      command: python,
      args: [
        "-c",
        "import sysconfig, json; p = sysconfig.get_paths(); print(json.dumps([p['purelib'], p['stdlib']]))",
      ],
    }, "ask Python"),
  );
  const count = async (pipe: string) =>
    Number(await run({ command: "sh", args: ["-c", pipe, "-", ...folders] }, "measure Python"));
  const tar = `tar -c --exclude=__pycache__ --exclude=site-packages/pip "$@" 2>/dev/null`;
  say("compressing the Python set");
  return { size: await count(`${tar} | wc -c`), compressed: await count(`${tar} | gzip | wc -c`) };
}

async function peerPython(): Promise<string> {
  return await pythonEnvironment("images_peer", say);
}

function table(): string[] {
  const peer = figures.get("the Python set");
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const rows = [...figures].map(([name, each]) => {
    const share = (of: keyof Figures) =>
      peer === undefined || each === peer ? "" : ` (1/${(peer[of] / each[of]).toFixed(0)})`;
    return `| ${name} | ${mb(each.size)} | ${mb(each.compressed)}${share("compressed")} | ` +
      `${(each.cpu * 1000).toFixed(0)} ms${share("cpu")} | ${(each.wall * 1000).toFixed(0)} ms | ` +
      `${(each.rss / 2 ** 20).toFixed(0)} MiB${share("rss")} |`;
  });
  return [
    "| image | size | compressed | CPU to the first log line | wall | memory then |",
    "| --- | ---: | ---: | ---: | ---: | ---: |",
    ...rows,
  ];
}

async function writeInto(file: string, lines: readonly string[]): Promise<void> {
  const [begin, end] = ["<!-- deno task bench images --write -->", "<!-- end -->"];
  const text = await Deno.readTextFile(file);
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
  const fresh = text.slice(0, from + begin.length) + `\n\n${lines.join("\n")}\n\n` + text.slice(to);
  await Deno.writeTextFile(file, fresh);
  await run({ command: Deno.execPath(), args: ["fmt", "--quiet", file] }, "format the table");
}
