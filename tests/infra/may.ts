/**
 * Whether a role may do something, by the rendered policies and an evaluator that is not ours.
 *
 * @module
 */
import { runSimulation } from "@cloud-copilot/iam-simulate";
import rendered from "../../infra/policies/policies.json" with { type: "json" };

export const ACCOUNT = "123456789012";
export const ENVIRONMENTS = ["staging", "prod"] as const;
export type Environment = typeof ENVIRONMENTS[number];

/** Roles by their name without the environment. */
export type Role = keyof typeof rendered["documents"]["staging"];

/** What is asked of AWS: an action on a resource, with what AWS knows beside. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** A key's own policy lets its account's policies decide. */
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  }],
};

/** The policy of a role. */
export function policyOf(environment: Environment, role: Role): unknown {
  return rendered.documents[environment][role].policy;
}

/** A request that AWS does not have: the action takes no such resource, or knows no such context. */
export class NoSuchRequest extends Error {}

/**
 * The answer of AWS's rules; for several roles, whether any of them may, since none denies anything.
 *
 * @throws {NoSuchRequest}
 */
export async function may(
  environment: Environment,
  role: Role | readonly Role[],
  { action, resource, context = {} }: Request,
): Promise<boolean> {
  const roles: readonly Role[] = typeof role === "string" ? [role] : role;
  const answer = await runSimulation({
    request: {
      principal: `arn:aws:sts::${ACCOUNT}:assumed-role/ml-platform-${environment}-${roles[0]}/job`,
      action,
      resource: { resource, accountId: ACCOUNT },
      contextVariables: { ...context },
    },
    identityPolicies: roles.map((name) => ({ name, policy: policyOf(environment, name) })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(action.startsWith("kms:") ? { resourcePolicy: KEY_POLICY } : {}),
  }, {});
  if (answer.resultType === "error") {
    throw new NoSuchRequest(`${action} on ${resource}: ${JSON.stringify(answer.errors)}`);
  }
  if (answer.resultType === "single") {
    const ignored = answer.result.ignoredContextKeys ?? [];
    if (ignored.length > 0) throw new NoSuchRequest(`${action} knows no ${ignored.join(", ")}`);
  }
  return answer.overallResult === "Allowed";
}
