/**
 * User name and password from AWS Secrets Manager, in the form that MSK and RDS keep them.
 *
 * @module
 */
import { z } from "zod";
import { awsClientOptions } from "../aws.ts";
import { DependencyError, messageOf } from "../errors.ts";

const secret = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** Reads a secret: JSON with `username` and `password`. @throws {DependencyError} `kafka.secret` */
export async function readSecret(
  arn: string,
): Promise<{ readonly username: string; readonly password: string }> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import(
    "@aws-sdk/client-secrets-manager"
  );
  const region = /^arn:[\w-]+:secretsmanager:([\w-]+):/.exec(arn)?.[1];
  const client = new SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    ...await awsClientOptions(),
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const parsed = secret.safeParse(JSON.parse(SecretString ?? ""));
    if (parsed.success) return parsed.data;
    // What it contains must not be shown.
    throw new Error("it is not JSON with the texts 'username' and 'password'");
  } catch (error) {
    throw new DependencyError({
      code: "kafka.secret",
      cannot: "read the credentials for Kafka",
      found: error instanceof SyntaxError
        ? `${arn}: it is not JSON with the texts 'username' and 'password'`
        : `${arn}: ${messageOf(error)}`,
      todo: "Check the ARN, the secret, and the permission secretsmanager:GetSecretValue",
      place: { option: "--kafka-secret-arn" },
    });
  } finally {
    client.destroy();
  }
}
