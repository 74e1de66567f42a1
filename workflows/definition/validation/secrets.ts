import { isObject, member } from "./json.ts";
import type { Scope } from "./scope.ts";

/**
 * Reports what looks like a secret: whoever may describe a pipeline or a job reads it.
 *
 * A name that promises one must not have a value written beside it, nor a parameter be called so;
 * names of where a secret is (`…_ARN`, `…_NAME`, `…_ID`, `…_URI`) are none.
 */
export function checkSecrets(definition: unknown, scope: Scope): void {
  walk(definition, "$", undefined);

  function walk(found: unknown, at: string, name: string | undefined): void {
    if (typeof found === "string") {
      const reason = LOOKS.find(([pattern]) => pattern.test(found))?.[1];
      if (reason !== undefined) report(at, reason);
      else if (name !== undefined && found.trim() !== "" && promises(name)) {
        report(at, `${name} has a value written beside it`);
      }
    } else if (Array.isArray(found)) {
      for (const [index, one] of found.entries()) walk(one, `${at}[${index}]`, undefined);
    } else if (isObject(found)) {
      for (const [key, one] of Object.entries(found)) {
        const below = member(at, key);
        const inMap = /\.(Environment|HyperParameters|StaticHyperParameters|Arguments)$/.test(at);
        if (inMap && typeof one !== "string" && isParameter(one) && promises(key)) {
          report(below, `${key} would come from a parameter`);
        } else walk(one, below, inMap ? key : undefined);
      }
      const { Name: parameter } = found;
      if (/^\$\.Parameters\[\d+\]$/.test(at) && typeof parameter === "string") {
        if (promises(parameter)) report(`${at}.Name`, `${parameter} names one`);
      }
    }
  }

  function report(path: string, reason: string): void {
    scope.report(
      path,
      `it looks like a secret (${reason}), which everybody sees who may describe the pipeline; ` +
        "keep it in Secrets Manager and pass its ARN",
    );
  }
}

function isParameter(value: unknown): boolean {
  return JSON.stringify(value)?.includes('"Parameters.') ?? false;
}

function promises(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
  if (/_(ARN|NAME|ID|URI|URL|FILE|PATH|LENGTH|COUNT|TTL|MECHANISM)$/.test(words)) return false;
  return /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/
    .test(words);
}

const LOOKS: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/, "an access key of AWS"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^/?#\s]*:[^/?#\s]*@/i, "an address with a password"],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/, "a token"],
  [/\bgh[pousr]_[A-Za-z0-9]{36}\b/, "a token of GitHub"],
  [/^--?(password|token|secret|api-key)(=.+)?$/i, "an argument that takes one"],
];
