/**
 * The inference job: `score`, `create-topics`, `runs`.
 *
 * @module
 */

import { runProgram } from "../lib/command.ts";
import { createTopicsCommand } from "./create_topics.ts";
import { runsAbandonCommand } from "./runs_abandon.ts";
import { runsListCommand } from "./runs_list.ts";
import { runsReplayCommand } from "./runs_replay.ts";
import { runsShowCommand } from "./runs_show.ts";
import { scoreCommand } from "./score.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("inference", {
      "score": scoreCommand,
      "create-topics": createTopicsCommand,
      "runs list": runsListCommand,
      "runs show": runsShowCommand,
      "runs abandon": runsAbandonCommand,
      "runs replay": runsReplayCommand,
    }, Deno.args),
  );
}
