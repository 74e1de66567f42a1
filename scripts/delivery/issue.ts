/**
 * `delivery issue`: one issue for what a scheduled check found: opened, updated, closed.
 *
 * @module
 */
import { z } from "zod";
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { text } from "../../jobs/lib/config.ts";
import { runProgram } from "./program.ts";

const issuesSchema = z.array(z.object({ number: z.number(), title: z.string(), body: z.string() }));

/** See the module. */
export const issueCommand: AnyCommand = command({
  usage: "delivery issue",
  about: "Keep one issue up to date with a report: opened, updated, closed when it is empty",
  options: {
    title: {
      about: "Title that finds the issue again",
      hint: "TEXT",
      parse: text(),
      required: true,
    },
    report: {
      about: "Markdown; an empty file means that all is well",
      hint: "FILE",
      parse: text(),
      required: true,
    },
  },
  contract: "processing",
  channels: () => ({}),
  run: async ({ values: { title, report } }) => {
    const body = (await Deno.readTextFile(report)).trim();
    const listed = await gh("find the issue", [
      ...["list", "--state", "open", "--limit", "200"],
      ...["--search", `in:title "${title.replaceAll('"', "")}"`, "--json", "number,title,body"],
    ]);
    const open = issuesSchema.parse(JSON.parse(listed.stdout)).find((one) => one.title === title);
    const done = (issue: string) => ({ summary: { status: "done", issue } });
    if (open === undefined) {
      if (body === "") return done("none");
      await gh("open the issue", ["create", "--title", title, "--body", body]);
      return done("opened");
    }
    const number = `${open.number}`;
    if (body === "") {
      await gh("close the issue", ["close", number, "--comment", "The last look found nothing."]);
      return done("closed");
    }
    if (open.body.trim() === body) return done("unchanged");
    await gh("update the issue", ["edit", number, "--body", body]);
    return done("updated");
  },
});

function gh(purpose: string, args: readonly string[]) {
  return runProgram("gh", ["issue", ...args], { purpose });
}
