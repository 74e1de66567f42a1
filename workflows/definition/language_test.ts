import assert from "node:assert/strict";
import fc from "fast-check";
import {
  condition,
  equals,
  fail,
  greaterThan,
  integerParameter,
  lambda,
  pipeline,
  processing,
  renderTemplate,
  stringParameter,
  templateOf,
  text,
  training,
  variable,
  variablesOf,
} from "./mod.ts";

const job = {
  image: "image",
  role: "role",
  instances: { type: "ml.m5.large", count: 1, volumeGb: 30 },
} as const;
const measure = processing("Measure", {
  ...job,
  outputs: { report: { to: "s3://bucket/report" } },
  propertyFiles: { Report: { output: "report", path: "report.json" } },
});
const count = integerParameter("Count", { defaultValue: 1 });
const mode = stringParameter("Mode", { enumValues: ["warn", "fail"] });

// Never run: it is enough that the compiler refuses each of these lines.
function mistakes(): void {
  // @ts-expect-error there is no such output
  measure.outputs.reports;
  // @ts-expect-error there is no such property file
  measure.files.Evaluation;
  processing("X", {
    ...job,
    outputs: { report: { to: "s3://bucket" } },
    // @ts-expect-error a property file is in an output that the step has
    propertyFiles: { Report: { output: "reports", path: "report.json" } },
  });
  // @ts-expect-error a number is no argument; text() makes one of it
  processing("X", { ...job, arguments: [count] });
  // @ts-expect-error text is no count of machines
  processing("X", { ...job, instances: { ...job.instances, count: mode } });
  // @ts-expect-error it is none of the values
  equals(mode, "ignore");
  // @ts-expect-error text has no order
  greaterThan(mode, 1);
  // @ts-expect-error a step waits for steps, not for their names
  fail("X", { reason: "no", dependsOn: ["Measure"] });
  // @ts-expect-error retries end by attempts or by minutes
  processing("X", { ...job, retry: [{ on: ["Step.THROTTLING"] }] });
  // @ts-expect-error a job's exit code is no reason to retry
  processing("X", { ...job, retry: [{ on: ["Job.EXIT_CODE"], maxAttempts: 1 }] });
  // @ts-expect-error the default must be one of the values
  stringParameter("X", { defaultValue: "ignore", enumValues: ["warn", "fail"] });
  // @ts-expect-error a condition has no outputs
  condition("X", { when: [], then: [] }).outputs;
  const call = lambda("X", { functionArn: "arn", arguments: {}, outputs: { rows: "Integer" } });
  // @ts-expect-error the output is a number
  fail("X", { reason: call.outputs.rows });
  const stopping = { MaxRuntimeInSeconds: 1 };
  const trained = training("X", { ...job, channels: {}, outputTo: "s3://bucket", stopping });
  // @ts-expect-error a training has a model, but no outputs by name
  trained.outputs;
}

Deno.test("the language refuses wrong references when it is compiled", () => {
  assert.equal(typeof mistakes, "function");
});

Deno.test("a step's outputs, property files and parameters become references", () => {
  const json = (value: unknown) => JSON.parse(JSON.stringify(value));
  assert.deepEqual(json(measure.outputs.report), {
    Get: "Steps.Measure.ProcessingOutputConfig.Outputs['report'].S3Output.S3Uri",
  });
  assert.deepEqual(json(measure.files.Report.boolean("passed")), {
    "Std:JsonGet": {
      PropertyFile: { Get: "Steps.Measure.PropertyFiles.Report" },
      Path: "passed",
    },
  });
  assert.deepEqual(json(text(count)), {
    "Std:Join": { On: "", Values: [{ Get: "Parameters.Count" }] },
  });
});

Deno.test("renderTemplate() puts values where the template has variables, and nowhere else", () => {
  // Whatever stands in a definition, ${ and %{ included, comes out as it was.
  const parts = fc.string({ unit: fc.constantFrom("$", "%", "{", "}", "a", '"', "\\", "\n") });
  fc.assert(fc.property(parts, parts, (literal, around) => {
    const template = templateOf(pipeline({
      experiment: null,
      parameters: [
        stringParameter("Literal", { defaultValue: literal }),
        stringParameter("Around", { defaultValue: `${around}${variable.string("name")}` }),
        integerParameter("Number", { defaultValue: variable.number("count") }),
      ],
      steps: [],
    }));
    assert.deepEqual(variablesOf(template), ["count", "name"]);
    const rendered = JSON.parse(renderTemplate(template, { name: "VALUE", count: 7 }));
    const defaults = rendered.Parameters.map((one: { DefaultValue: unknown }) => one.DefaultValue);
    assert.deepEqual(defaults, [literal, `${around}VALUE`, 7]);
  }));
});

Deno.test("renderTemplate() names what is missing, and refuses text that would break the JSON", () => {
  const template = '{"a": "${role}", "b": ${subnets}}';
  assert.throws(() => renderTemplate(template, { role: "r" }), /nothing is given for subnets/);
  assert.throws(() => renderTemplate(template, { role: 'a"b', subnets: [] }), /role has a quote/);
  assert.equal(
    renderTemplate(template, { role: "r", subnets: ["x", "y"] }),
    '{"a": "r", "b": ["x","y"]}',
  );
});
