/**
 * Writes a text twice in a process of its own, since a process has one client of S3.
 *
 * usage: create_twice.ts RUN-STATE-URI
 */
import { openStorage } from "../../jobs/lib/storage/mod.ts";

const storage = openStorage(Deno.args[0] ?? "", {
  option: "--run-state",
  purpose: "keep the state of runs",
});
const first = await storage.create("key", "mine");
const second = await storage.create("key", "another");
const outcome = JSON.stringify({ first, second, text: await storage.read("key") });
await Deno.stdout.write(new TextEncoder().encode(`${outcome}\n`));
