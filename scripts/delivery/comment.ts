/**
 * `delivery comment`: one comment per subject on a pull request, replaced when it changes.
 *
 * @module
 */
import { z } from "zod";
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { integer, text } from "../../jobs/lib/config.ts";
import { runProgram } from "./program.ts";

const commentsSchema = z.array(z.object({ id: z.number(), body: z.string() }));

/** See the module. */
export const commentCommand: AnyCommand = command({
  usage: "delivery comment FILE",
  about: "Put a Markdown file on a pull request, in place of the earlier one of the same subject",
  options: {
    file: {
      about: "Markdown; an empty file takes the earlier comment away",
      hint: "FILE",
      parse: text(),
      required: true,
    },
    number: {
      about: "The pull request",
      hint: "N",
      parse: integer(1, 1e9),
      required: true,
    },
    subject: { about: "What the comment is about", hint: "WORD", parse: word, required: true },
  },
  operand: "file",
  contract: "processing",
  channels: () => ({}),
  run: async ({ values }) => {
    const mark = `<!-- ml-platform: ${values.subject} -->`;
    const markdown = (await Deno.readTextFile(values.file)).trim();
    const path = `repos/{owner}/{repo}/issues`;
    const { stdout } = await gh("read the comments", [
      `${path}/${values.number}/comments`,
      "--paginate",
      "--jq",
      "[.[] | {id, body}]",
    ]);
    const earlier = stdout.trim().split("\n").filter((line) => line !== "")
      .flatMap((page) => commentsSchema.parse(JSON.parse(page)))
      .find(({ body }) => body.startsWith(mark));
    const body = `body=${mark}\n${markdown}`;
    if (markdown === "") {
      if (earlier === undefined) return { summary: { status: "done", comment: "none" } };
      await gh("take the comment away", [`${path}/comments/${earlier.id}`, "--method", "DELETE"]);
      return { summary: { status: "done", comment: "removed" } };
    }
    if (earlier === undefined) {
      await gh("comment", [`${path}/${values.number}/comments`, "--raw-field", body]);
      return { summary: { status: "done", comment: "created" } };
    }
    await gh("replace the comment", [
      `${path}/comments/${earlier.id}`,
      "--method",
      "PATCH",
      "--raw-field",
      body,
    ]);
    return { summary: { status: "done", comment: "replaced" } };
  },
});

function gh(purpose: string, args: readonly string[]) {
  return runProgram("gh", ["api", ...args], { purpose: `${purpose} on the pull request` });
}

function word(value: string): string {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(value)) throw new Error("a lower-case word is needed");
  return value;
}
