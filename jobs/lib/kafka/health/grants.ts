/**
 * What producers and consumers of predictions must be allowed, as statements for Kafka's ACLs and for
 * the IAM access control of Amazon MSK.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
 *
 * @module
 */
import { topicsOf } from "../topics.ts";
import type { Operation } from "../protocol/operations.ts";

/** For whom and what. */
export interface GrantOptions {
  /** The output topic. */
  readonly topic: string;
  /** First part of transactional ids and groups. */
  readonly environment: string;
  /** Second part of them. */
  readonly pipeline: string;
  /** As Kafka knows who scores, such as `User:scorer`. */
  readonly producer: string;
  /** As Kafka knows who reads. */
  readonly consumer: string;
  /** First letters of the names of the consumers' groups. */
  readonly consumerGroups: string;
}

/** One permission. */
export interface Grant {
  /** To whom, such as `User:scorer`. */
  readonly principal: string;
  /** What may be done. */
  readonly operations: readonly Operation[];
  /** With what. */
  readonly kind: "topic" | "transactional-id" | "group";
  /** Their names, or what their names begin with. */
  readonly names: readonly string[];
  /** Whether names are beginnings. */
  readonly prefixed: boolean;
}

/** The least that suffices. */
export function grantsOf(options: GrantOptions): { producer: Grant[]; consumer: Grant[] } {
  const { topic, environment, pipeline, producer, consumer, consumerGroups } = options;
  const { predictions, deadLetters, runs } = topicsOf(topic);
  const ids = { names: [`${environment}.${pipeline}.`], prefixed: true };
  return {
    producer: [
      // Read, since progress is an offset on these topics.
      {
        principal: producer,
        operations: ["Write", "Read", "Describe", "DescribeConfigs"],
        kind: "topic",
        names: [predictions, runs],
        prefixed: false,
      },
      {
        principal: producer,
        operations: ["Write", "Describe", "DescribeConfigs"],
        kind: "topic",
        names: [deadLetters],
        prefixed: false,
      },
      {
        principal: producer,
        operations: ["Write", "Describe"],
        kind: "transactional-id",
        ...ids,
      },
      { principal: producer, operations: ["Read", "Describe"], kind: "group", ...ids },
    ],
    consumer: [
      {
        principal: consumer,
        operations: ["Read", "Describe"],
        kind: "topic",
        names: [predictions, deadLetters, runs],
        prefixed: false,
      },
      {
        principal: consumer,
        operations: ["Read", "Describe"],
        kind: "group",
        names: [consumerGroups],
        prefixed: true,
      },
    ],
  };
}

/** The command of Kafka's tools that makes a grant. */
export function aclCommand(grant: Grant, bootstrapServers: string): string {
  const { principal, operations, kind, names, prefixed } = grant;
  return [
    `kafka-acls.sh --bootstrap-server ${bootstrapServers} --add --allow-principal ${
      quote(principal)
    }`,
    ...operations.map((operation) => `--operation ${operation}`),
    ...(prefixed ? ["--resource-pattern-type prefixed"] : []),
    ...names.map((name) => `--${kind} ${quote(name)}`),
  ].join(" ");
}

/** A policy of AWS IAM. */
export interface IamPolicy {
  /** Of the policy language. */
  readonly Version: "2012-10-17";
  /** What is allowed. */
  readonly Statement: readonly {
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/**
 * The policy that makes grants on an MSK cluster; whom it is attached to is their principal.
 *
 * @param clusterArn `arn:aws:kafka:REGION:ACCOUNT:cluster/NAME/UUID`
 */
export function iamPolicy(grants: readonly Grant[], clusterArn: string): IamPolicy {
  const writes = grants.some(({ operations }) => operations.includes("Write"));
  const cluster = ["Connect", "DescribeCluster", ...(writes ? ["WriteDataIdempotently"] : [])];
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: cluster.map((action) => `kafka-cluster:${action}`),
        Resource: [clusterArn],
      },
      ...grants.map(({ kind, operations, names, prefixed }) => ({
        Effect: "Allow" as const,
        Action: operations.map((operation) => `kafka-cluster:${ACTIONS[kind][operation]}`),
        Resource: names.map((name) =>
          `${clusterArn.replace(":cluster/", `:${kind}/`)}/${name}${prefixed ? "*" : ""}`
        ),
      })),
    ],
  };
}

const ACTIONS: Readonly<Record<Grant["kind"], Readonly<Partial<Record<Operation, string>>>>> = {
  "topic": {
    Read: "ReadData",
    Write: "WriteData",
    Describe: "DescribeTopic",
    DescribeConfigs: "DescribeTopicDynamicConfiguration",
  },
  "transactional-id": { Write: "AlterTransactionalId", Describe: "DescribeTransactionalId" },
  "group": { Read: "AlterGroup", Describe: "DescribeGroup" },
};

/** As a shell wants it, where it would see more than a word. */
function quote(text: string): string {
  return /^[\w.:@%+,/=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
