/**
 * `delivery plan`: what a Terraform plan would do, as Markdown.
 *
 * @module
 */
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { text } from "../../jobs/lib/config.ts";
import { parseJsonFile } from "./json_file.ts";
import { planMarkdown, planSchema } from "./plan_markdown.ts";

/** See the module. */
export const planCommand: AnyCommand = command({
  usage: "delivery plan FILE",
  about: "A Terraform plan as Markdown: what is lost first, and never a value",
  options: {
    plan: {
      about: "What terraform show -json printed",
      hint: "FILE",
      parse: text(),
      required: true,
    },
    title: { about: "Its heading", hint: "TEXT", parse: text(), fallback: "Terraform plan" },
  },
  operand: "plan",
  contract: "processing",
  channels: () => ({}),
  run: async ({ values, print }) => {
    const plan = await parseJsonFile(values.plan, planSchema);
    print(planMarkdown(plan, values.title));
    return { summary: { status: "done", resources: plan.resource_changes.length } };
  },
});
