/**
 * What the workflows in `.github/` run: each step that is more than one line is a command here, so
 * that it can be run and tested anywhere.
 *
 * @module
 */
import { runProgram } from "../jobs/lib/command.ts";
import { commentCommand } from "./delivery/comment.ts";
import { driftCommand } from "./delivery/drift.ts";
import { imagesCommand } from "./delivery/images.ts";
import { issueCommand } from "./delivery/issue.ts";
import { licencesCommand } from "./delivery/licences.ts";
import { planCommand } from "./delivery/plan.ts";
import { releaseCommand } from "./delivery/release.ts";
import { runCommand } from "./delivery/run.ts";
import { verifyCommand } from "./delivery/verify.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("delivery", {
      "licences": licencesCommand,
      "plan": planCommand,
      "comment": commentCommand,
      "drift": driftCommand,
      "images": imagesCommand,
      "issue": issueCommand,
      "release": releaseCommand,
      "run": runCommand,
      "verify": verifyCommand,
    }, Deno.args),
  );
}
