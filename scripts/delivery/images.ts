/**
 * `delivery images`: the images to deploy, into an environment's variable file of this checkout.
 *
 * @module
 */
import { type AnyCommand, command } from "../../jobs/lib/command.ts";
import { updateTfvars, variableOf } from "../images/mod.ts";
import { environmentName } from "../parameters/environment.ts";

const URI =
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$/;

/** See the module. */
export const imagesCommand: AnyCommand = command({
  usage: "delivery images",
  about: "Write image URIs into an environment's terraform.tfvars; those not given stay",
  options: {
    environment: {
      about: "Whose file",
      hint: "staging|prod",
      parse: environmentName,
      required: true,
    },
    training: { about: "Training image", hint: "REPOSITORY@DIGEST", parse: uri, fallback: " " },
    inference: { about: "Inference image", hint: "REPOSITORY@DIGEST", parse: uri, fallback: " " },
  },
  contract: "processing",
  channels: () => ({}),
  run: async ({ values: { environment, training, inference } }) => {
    const file = `infra/${environment}/terraform.tfvars`;
    const given = Object.fromEntries([
      ...(training === "" ? [] : [[variableOf("training"), training]]),
      ...(inference === "" ? [] : [[variableOf("inference"), inference]]),
    ]);
    return { summary: { status: "done", file, changed: await updateTfvars(file, given) } };
  },
});

function uri(text: string): string {
  const value = text.trim();
  if (value === "" || URI.test(value)) return value;
  throw new Error("it must be an image of ECR by its digest");
}
