/** What somebody writes into a form, or calls a branch, is never run. */
import assert from "node:assert/strict";
import { load } from "js-yaml";
import { deployed } from "../executions/stories.ts";
import { act, actTest } from "./act.ts";
import { type Checkout, checkoutOf } from "./repository.ts";

/** Each would make the file if a shell read it. */
const SCRIPTS = (file: string) => [
  `"; touch ${file}; echo "`,
  `$(touch ${file})`,
  `\`touch ${file}\``,
  `'; touch ${file}; '\${{ github.token }}`,
];

actTest("a script in any field of any form is refused, and not run", async (t) => {
  await using checkout = await checkoutOf();
  await using aws = deployed();
  const forms = await formsOf(checkout);
  assert.ok(forms.length >= 8, "the forms were not found");
  for (const { workflow, field, others } of forms) {
    await t.step(`${workflow}: ${field}`, async () => {
      for (const [i, script] of SCRIPTS(`${checkout.folder}/../run`).entries()) {
        // One of the forms is enough to try all of them; what is proven of the others is their field.
        if (i > 0 && workflow !== "train") break;
        const done = await act(checkout, {
          workflow,
          inputs: { ...others, [field]: script },
          env: { AWS_ENDPOINT_URL: aws.env.AWS_ENDPOINT_URL ?? "" },
        });
        assert.notEqual(done.code, 0, `${script} was taken: ${done.log}`);
        await assert.rejects(Deno.stat(`${checkout.folder}/../run`), `${script} was run`);
      }
    });
  }
  assert.equal(aws.executions.length, 0);
  assert.deepEqual(await checkout.gh(), []);
});

interface Form {
  readonly workflow: string;
  readonly field: string;
  /** What else has to be given. */
  readonly others: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: {
    readonly workflow_dispatch?: {
      readonly inputs?: Readonly<
        Record<string, { readonly type: string; readonly options?: readonly string[] }>
      >;
    };
  };
}

/** Every field of text of every form. */
async function formsOf({ folder }: Checkout): Promise<Form[]> {
  const forms: Form[] = [];
  for await (const { name } of Deno.readDir(`${folder}/.github/workflows`)) {
    const text = await Deno.readTextFile(`${folder}/.github/workflows/${name}`);
    const { on: { workflow_dispatch } } = load(text) as Workflow;
    const inputs = Object.entries(workflow_dispatch?.inputs ?? {});
    const others = Object.fromEntries(
      inputs.flatMap(([field, { options }]) =>
        options?.[0] === undefined ? [] : [[field, options[0]]]
      ),
    );
    for (const [field, { type }] of inputs) {
      if (type === "string") forms.push({ workflow: name.replace(/\.yml$/, ""), field, others });
    }
  }
  return forms.sort((a, b) => a.workflow.localeCompare(b.workflow));
}
