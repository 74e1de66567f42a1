import { type AnyCommand, command, type Context, type Outcome } from "../../jobs/lib/command.ts";
import { flag, type Options } from "../../jobs/lib/config.ts";
import { UsageError } from "../../jobs/lib/errors.ts";
import { CONFIGURATION_HINT, configurationName } from "./configurations.ts";
import { readText, replaceText } from "./files.ts";
import { type Origin, sourcesOf, withSources } from "./sources.ts";

const options = {
  environment: {
    about: "Configuration to change",
    hint: CONFIGURATION_HINT,
    parse: configurationName,
    required: true,
  },
  ref: { about: "Tag that the modules come from, such as v1.2.0", hint: "TAG", parse: tag },
  repo: {
    about: "Repository of that tag; the one that is named already unless told",
    hint: "URL",
    parse: repository,
  },
  local: {
    about: "Take the modules beside the configuration, to try a change",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
} satisfies Options;

/** Changes where the modules of a configuration come from. */
export const useCommand: AnyCommand = command({
  usage: "infra use",
  about: [
    "Say where an environment's modules come from",
    "All of them at once: from a tag (--ref), which is what is deployed, or from infra/modules (--local).",
    "A fork begins with --ref TAG --repo https://github.com/OWNER/NAME.git.",
  ].join("\n"),
  options,
  contract: "processing",
  channels: () => ({}),
  run: use,
});

async function use({ values }: Context<typeof options>): Promise<Outcome> {
  const origin = originOf(values);
  const path = `infra/${values.environment}/main.tf`;
  const cannot = `change where the modules of ${values.environment} come from`;
  const before = await readText(path, cannot);
  const after = withSources(before, origin);
  if (after !== before) await replaceText(path, after, cannot);
  return {
    summary: {
      status: after === before ? "unchanged" : "changed",
      file: path,
      modules: sourcesOf(after).length,
      source: origin.kind === "local" ? "infra/modules" : origin.tag,
    },
  };
}

function originOf(
  { ref, repo, local }: {
    readonly ref?: string | undefined;
    readonly repo?: string | undefined;
    readonly local: boolean;
  },
): Origin {
  if (local === (ref !== undefined) || (local && repo !== undefined)) {
    throw new UsageError({
      code: "config.invalid",
      cannot: "change where modules come from",
      found: local ? "--local goes with neither --ref nor --repo" : "--ref TAG is missing",
      todo: "Give --ref TAG [--repo URL], or --local",
      place: { option: local ? "--local" : "--ref" },
    });
  }
  if (ref === undefined) return { kind: "local" };
  return { kind: "tag", tag: ref, ...(repo === undefined ? {} : { repository: repo }) };
}

function tag(value: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(value) || value.includes("..")) {
    throw new Error("it must be the name of a tag: letters, digits, '.', '_', '/' and '-'");
  }
  return value;
}

function repository(value: string): string {
  if (!/^(https|ssh|file):\/\/[A-Za-z0-9@._~:/-]+$/.test(value) || value.includes("/infra/")) {
    throw new Error("it must be an address of git, such as https://github.com/OWNER/NAME.git");
  }
  if (/\/\/[^/]*:[^/]*@/.test(value)) throw new Error("it must have no password in it");
  return value;
}
