/**
 * The inference job: `score`, `create-topics`.
 *
 * @module
 */

import { runProgram } from "../lib/command.ts";
import { createTopicsCommand } from "./create_topics.ts";
import { scoreCommand } from "./score.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("inference", {
      "score": scoreCommand,
      "create-topics": createTopicsCommand,
    }, Deno.args),
  );
}
