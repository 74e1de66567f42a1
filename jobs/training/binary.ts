/**
 * What the binary of the training job starts with: root is given up before anything else is loaded.
 *
 * @module
 */

import { runUnprivileged } from "../lib/container/mod.ts";

Deno.exit(await runUnprivileged(async () => (await import("./main.ts")).main(Deno.args)));
