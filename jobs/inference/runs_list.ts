import { type AnyCommand, command } from "../lib/command.ts";
import { runsListOptions } from "./options.ts";
import { listRuns, openRuns } from "./runs/mod.ts";
import { table } from "./table.ts";

/** Lists the runs that the run state knows. */
export const runsListCommand: AnyCommand = command({
  usage: "inference runs list",
  about: "List runs, the latest first: complete, incomplete or abandoned",
  options: runsListOptions,
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const runs = await listRuns(openRuns(values.runState), values.limit);
    const text = table(
      ["RUN", "STATUS", "SLOT", "MODEL", "ROWS", "SHARDS DONE", "SUPERSEDES"],
      runs.map((run) => [
        run.run_id,
        run.status,
        run.scored_at ?? "",
        run.model ?? "",
        `${run.rows ?? ""}`,
        run.shards === undefined ? "" : `${run.shards_done}/${run.shards}`,
        run.supersedes ?? "",
      ]),
    );
    return { summary: { status: "done", runs }, ...(values.json ? {} : { text }) };
  },
});
