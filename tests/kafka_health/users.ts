/** Users of the broker of whom nobody else knows, and what they may do. */
import type { Grant, KafkaConnection } from "../../jobs/lib/kafka/mod.ts";
import { provided, python } from "../job/task.ts";
import { asAdmin } from "../publishing/kafka_admin.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";

/** Who signs in with SCRAM-SHA-512. */
export interface User {
  readonly username: string;
  readonly password: string;
}

/** Makes a user who may do nothing yet. */
export async function makeUser(username: string): Promise<User> {
  const password = crypto.randomUUID();
  await python("tests/kafka_health/make_user.py", [provided("ML_TEST_KAFKA"), username, password], {
    interpreter: provided("ML_TEST_PYTHON_KAFKA"),
  });
  return { username, password };
}

/** Lets users do exactly this. */
export async function replaceGrants(principal: string, grants: readonly Grant[]): Promise<void> {
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } =
    await import("kafkajs");
  const types = {
    "topic": AclResourceTypes.TOPIC,
    "transactional-id": AclResourceTypes.TRANSACTIONAL_ID,
    "group": AclResourceTypes.GROUP,
  };
  const operations = {
    Read: AclOperationTypes.READ,
    Write: AclOperationTypes.WRITE,
    Describe: AclOperationTypes.DESCRIBE,
    DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  };
  const all = {
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    principal,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
  const acl = grants.flatMap((grant) =>
    grant.names.flatMap((resourceName) =>
      grant.operations.map((operation) => ({
        resourceType: types[grant.kind],
        resourceName,
        resourcePatternType: grant.prefixed
          ? ResourcePatternTypes.PREFIXED
          : ResourcePatternTypes.LITERAL,
        principal,
        host: "*",
        operation: operations[operation],
        permissionType: AclPermissionTypes.ALLOW,
      }))
    )
  );
  await asAdmin(async (admin) => {
    await admin.deleteAcls({ filters: [all] });
    if (acl.length > 0) await admin.createAcls({ acl });
  });
}

/** The grants without one operation on one name. */
export function without(
  grants: readonly Grant[],
  kind: Grant["kind"],
  name: string,
  operation: Grant["operations"][number],
): Grant[] {
  return grants.flatMap((grant) => {
    if (grant.kind !== kind || !grant.names.includes(name)) return [grant];
    const others = grant.names.filter((one) => one !== name);
    const operations = grant.operations.filter((one) => one !== operation);
    return [{ ...grant, names: others }, { ...grant, names: [name], operations }]
      .filter(({ names, operations }) => names.length > 0 && operations.length > 0);
  });
}

/** Runs lines of `kafka-acls.sh …` as Kafka's own tool does. */
export async function runAclCommands(lines: readonly string[]): Promise<void> {
  const script = "kafka-acls.sh ";
  if (!lines.every((line) => line.startsWith(script))) throw new Error(lines.join("\n"));
  const { code, stderr } = await new Deno.Command(provided("ML_TEST_JAVA"), {
    args: [
      ...["-Xmx128m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"],
      ...["-cp", `${provided("ML_TEST_KAFKA_LIB")}/*`, "tests/kafka_health/Acls.java"],
      ...lines.map((line) => line.slice(script.length)),
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
}

/** A connection as that user. */
export function signedIn(user: User): KafkaConnection {
  return {
    bootstrapServers: KAFKA.sasl,
    securityProtocol: "SASL_PLAINTEXT",
    sasl: { mechanism: "SCRAM-SHA-512", ...user },
  };
}
