/**
 * What Terraform's configurations need beside Terraform: where modules come from, a bucket for the
 * state, tables of inputs and outputs, and what the policies become.
 *
 * @module
 */
import { runProgram } from "../jobs/lib/command.ts";
import { bootstrapCommand } from "./infra/bootstrap.ts";
import { docsCommand } from "./infra/docs.ts";
import { policiesCommand } from "./infra/policies.ts";
import { useCommand } from "./infra/use.ts";

if (import.meta.main) {
  Deno.exit(
    await runProgram("infra", {
      use: useCommand,
      bootstrap: bootstrapCommand,
      docs: docsCommand,
      policies: policiesCommand,
    }, Deno.args),
  );
}
