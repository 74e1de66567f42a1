import assert from "node:assert/strict";
import { planMarkdown, planSchema } from "./plan_markdown.ts";

const change = (
  address: string,
  actions: string[],
  before: unknown = null,
  after: unknown = null,
) => ({
  address,
  change: { actions, before, after },
});

Deno.test("planMarkdown() says what is lost first, and never a value", () => {
  const markdown = planMarkdown(
    planSchema.parse({
      format_version: "1.2",
      resource_changes: [
        change("aws_sns_topic.b", ["create"]),
        change("aws_s3_bucket.data", ["delete"]),
        change("aws_kms_key.k", ["delete", "create"], { policy: "old" }, { policy: "hunter2" }),
        change("aws_iam_role.r", ["update"], { name: "r", path: "/" }, { name: "r", path: "/x/" }),
        change("data.aws_caller_identity.me", ["read"]),
        change("aws_vpc.v", ["no-op"]),
      ],
    }),
    "Plan for staging",
  );
  const order = [
    "1 to destroy, 1 to replace, 1 to update, 1 to create, 0 to forget",
    "aws_s3_bucket.data",
    "`aws_kms_key.k`: `policy`",
    "`aws_iam_role.r`: `path`",
    "aws_sns_topic.b",
  ];
  const places = order.map((text) => markdown.indexOf(text));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.ok(places.every((place) => place >= 0), markdown);
  assert.ok(!/hunter2|aws_vpc|caller_identity/.test(markdown));
});

Deno.test("planMarkdown() of nothing to do says so", () => {
  const plan = planSchema.parse({
    format_version: "1.2",
    resource_changes: [change("a", ["no-op"])],
  });
  assert.match(planMarkdown(plan, "Plan"), /No changes\./);
});
