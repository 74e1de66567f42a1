import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import {
  compareDefinitions,
  type Difference,
  differenceText,
  inferValues,
  renderTemplate,
  variablesOf,
  type VariableValues,
} from "../definition/mod.ts";
import { deployedDefinition, pipelineName } from "../executions/mod.ts";
import {
  type DefinitionName,
  definitionTemplate,
  withDefaults,
  withExamples,
} from "../synthesis.ts";
import { awsOptions, jsonOption, pipelineOptions, valuesOption } from "./options.ts";
import { withAws } from "./target.ts";
import { readValues } from "./values.ts";

const options = {
  ...pipelineOptions,
  search: {
    about: "The training pipeline with a search for hyperparameters is deployed",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  ...valuesOption,
  check: {
    about: "Exit 2 when there is a difference",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  ...awsOptions,
  ...jsonOption,
} satisfies Options;

/** Says what a deployment would change. */
export const diffCommand: AnyCommand = command({
  usage: "pipeline diff training|inference",
  about: [
    "Show by step how the code's definition differs from the deployed one",
    "What the environment decides is read off the deployed definition, so that only the code's changes",
    "show; with --values all changes do.",
  ].join("\n"),
  options,
  operand: "pipelineType",
  contract: "processing",
  channels: () => ({}),
  run: diff,
});

async function diff({ values }: Context<typeof options>): Promise<Outcome> {
  const name: DefinitionName = values.search && values.pipelineType === "training"
    ? "training-search"
    : values.pipelineType;
  const template = definitionTemplate(name);
  const pipeline = pipelineName(values.environment, values.pipelineType);
  const deployed = await withAws(values.region, (aws) => deployedDefinition(aws, pipeline));
  const given = values.values === undefined
    ? inferValues(template, deployed)
    : withDefaults(await readValues(values.values, values.environment));
  const differences = compareDefinitions(
    deployed,
    JSON.parse(renderTemplate(template, withPlaceholders(template, given))),
  );
  const same = differences.length === 0;
  return {
    summary: { status: same ? "same" : "different", pipeline, differences },
    ...(values.json ? {} : {
      text: same
        ? `${pipeline} is what the code gives`
        : `${pipeline}, deployed → code\n${differenceText(differences)}`,
    }),
    ...(same || !values.check ? {} : { failure: different(pipeline, differences) }),
  };
}

/** What could not be read off is shown by its name, where a text can stand. */
function withPlaceholders(template: string, values: VariableValues): VariableValues {
  const examples = withExamples({});
  const names = variablesOf(template).map((name) => {
    const example = examples[name];
    return [name, example === undefined || typeof example === "string" ? `(${name})` : example];
  });
  return { ...Object.fromEntries(names), ...values };
}

function different(pipeline: string, differences: readonly Difference[]): UsageError {
  const places = [...new Set(differences.map(({ where }) => where))].join(", ");
  return new UsageError({
    code: "pipeline.not-deployed",
    cannot: `take ${pipeline} for deployed`,
    found: `the deployed definition differs in ${places}`,
    todo: "Deploy with terraform apply, or find out who changed it",
  });
}
