/**
 * `deno task bench AREA [options]`: ours beside its peers, in turn, on this machine.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const AREAS = [
  "data",
  "forest",
  "images",
  "logging",
  "prediction",
  "publishing",
  "regression",
  "score",
];

const [area = "", ...rest] = Deno.args;
if (!AREAS.includes(area)) {
  Deno.stderr.writeSync(
    new TextEncoder().encode(`usage: deno task bench ${AREAS.join("|")} [options]\n`),
  );
  Deno.exit(2);
}
const script = fileURLToPath(new URL(`./${area}/main.ts`, import.meta.url));
const child = new Deno.Command(Deno.execPath(), { args: ["run", "-A", script, ...rest] }).spawn();
Deno.exit((await child.status).code);
