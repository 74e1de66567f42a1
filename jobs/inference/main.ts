/**
 * The inference job: `check`, `score`, `check-kafka`, `create-topics`, `monitor`, `runs`.
 *
 * @module
 */

import { runProgram } from "../lib/command.ts";
import { checkCommand } from "./check.ts";
import { checkKafkaCommand } from "./check_kafka.ts";
import { createTopicsCommand } from "./create_topics.ts";
import { monitorCommand } from "./monitor.ts";
import { runsAbandonCommand } from "./runs_abandon.ts";
import { runsCompleteCommand } from "./runs_complete.ts";
import { runsListCommand } from "./runs_list.ts";
import { runsReplayCommand } from "./runs_replay.ts";
import { runsShowCommand } from "./runs_show.ts";
import { scoreCommand } from "./score.ts";

/** Runs the command that the arguments name. @returns the exit code */
export function main(args: readonly string[]): Promise<number> {
  return runProgram(
    "inference",
    {
      "check": checkCommand,
      "score": scoreCommand,
      "check-kafka": checkKafkaCommand,
      "create-topics": createTopicsCommand,
      "monitor": monitorCommand,
      "runs list": runsListCommand,
      "runs show": runsShowCommand,
      "runs complete": runsCompleteCommand,
      "runs abandon": runsAbandonCommand,
      "runs replay": runsReplayCommand,
    },
    args,
    { traced: true },
  );
}

if (import.meta.main) Deno.exit(await main(Deno.args));
