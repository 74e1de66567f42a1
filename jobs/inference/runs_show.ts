import { type AnyCommand, command } from "../lib/command.ts";
import { runsShowOptions } from "./options.ts";
import { openRuns, reportRun, type RunReport } from "./runs/mod.ts";
import { table } from "./table.ts";

/** Shows one run. */
export const runsShowCommand: AnyCommand = command({
  usage: "inference runs show RUN",
  about: [
    "Show a run: what it scores, with what, where to, and how its shards stand",
    "How many rows of a shard are published stands in the sink: see monitor.",
  ].join("\n"),
  options: runsShowOptions,
  operand: "run",
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const report = await reportRun(openRuns(values.runState), values.run);
    return { summary: { ...report }, ...(values.json ? {} : { text: describe(report) }) };
  },
});

function describe({ status, manifest, shards, abandonment }: RunReport): string {
  const { model, sink, inputs } = manifest;
  const rows = inputs.reduce((sum, input) => sum + input.rows, 0);
  const facts: [string, string | undefined][] = [
    ["run", manifest.run_id],
    ["status", abandonment === undefined ? status : `${status} (${abandonment.reason})`],
    ["slot", manifest.scored_at],
    ["supersedes", manifest.supersedes],
    ["model", `${model.name} version ${model.version} (${model.uri})`],
    ["data", `${manifest.data}: ${inputs.length} files, ${rows} rows`],
    ["to", sink.uri],
  ];
  const known = facts.flatMap(([name, value]) => value === undefined ? [] : [[name, value]]);
  return [
    ...known.map(([name = "", value]) => `${name.padEnd(12)}${value}`),
    "",
    table(
      ["SHARD", "STATUS", "ROWS", "ACCEPTED", "DEAD"],
      shards.map(({ shard, status, rows, accepted, dead }) => [
        `${shard}`,
        status,
        `${rows}`,
        `${accepted ?? ""}`,
        `${dead ?? ""}`,
      ]),
    ),
  ].join("\n");
}
