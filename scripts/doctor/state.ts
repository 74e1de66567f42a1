import { z } from "zod";
import { messageOf } from "../../jobs/lib/errors.ts";
import { clientOptions } from "../../workflows/executions/mod.ts";
import { type Backend, backendOf } from "../infra/backend.ts";
import type { Environment } from "./environment.ts";
import { fail, type Finding, look, ok, warn } from "./finding.ts";

/** An apply takes minutes; whoever has held the lock for longer is most likely gone. */
const LONG_MS = 2 * 3600_000;

/** What Terraform writes into its lock, as far as it is told here. */
const lockSchema = z.object({
  ID: z.string(),
  Operation: z.string(),
  Who: z.string(),
  Created: z.iso.datetime(),
});

/** The bucket of Terraform's state, the state in it, and whether somebody holds its lock. */
export async function lookAtState(infra: string, environment: Environment): Promise<Finding[]> {
  const { name, region } = environment;
  const bootstrap = `deno task infra bootstrap --environment ${name}`;
  const file = `${infra}/${name}/backend.tf`;
  let backend: Backend;
  try {
    backend = backendOf(await Deno.readTextFile(file), file);
  } catch (error) {
    return [fail("State", messageOf(error), `Mend ${file}, then ${bootstrap}`)];
  }
  const { bucket, key } = backend;
  const { S3 } = await import("@aws-sdk/client-s3");
  const client = new S3({
    ...await clientOptions(backend.region ?? region),
    forcePathStyle: Boolean(
      Deno.env.get("AWS_ENDPOINT_URL_S3") || Deno.env.get("AWS_ENDPOINT_URL"),
    ),
  });
  try {
    const place = await look(
      "Bucket of the state",
      { service: "s3", action: "GetBucketVersioning", missing: bootstrap },
      async () => {
        const { Status } = await client.getBucketVersioning({ Bucket: bucket });
        return Status === "Enabled" ? ok("Bucket of the state", `s3://${bucket}, versioned`) : warn(
          "Bucket of the state",
          `s3://${bucket} keeps no earlier state to go back to`,
          bootstrap,
        );
      },
    );
    if (place.verdict === "fail") return [place];
    return [place, ...await stateAndLock()];
  } finally {
    client.destroy();
  }

  async function stateAndLock(): Promise<Finding[]> {
    let lock: Finding | undefined;
    const state = await look(
      "State",
      { service: "s3", action: "ListBucket", missing: bootstrap },
      async () => {
        const { Contents = [] } = await client.listObjectsV2({ Bucket: bucket, Prefix: key });
        const found = Contents.find(({ Key }) => Key === key);
        lock = await lockOf(Contents.some(({ Key }) => Key === `${key}.tflock`));
        return found === undefined
          ? warn("State", "nothing was applied yet", `terraform -chdir=infra/${name} apply`)
          : ok("State", `s3://${bucket}/${key}, of ${found.LastModified?.toISOString()}`);
      },
    );
    return lock === undefined ? [state] : [state, lock];
  }

  async function lockOf(held: boolean): Promise<Finding> {
    const what = "Lock of the state";
    if (!held) {
      return backend.locks ? ok(what, "nobody holds it") : warn(
        what,
        "there is none: two could apply at the same time",
        `Set use_lockfile = true in ${file}`,
      );
    }
    const place = { service: "s3", action: "GetObject", missing: "Look again: it is free now" };
    return await look(what, place, async () => {
      const { Body } = await client.getObject({ Bucket: bucket, Key: `${key}.tflock` });
      const lock = lockIn(await Body?.transformToString() ?? "");
      if (lock === undefined) {
        return fail(
          what,
          `s3://${bucket}/${key}.tflock is there, and not as Terraform writes it`,
          `Look at it: aws s3 cp s3://${bucket}/${key}.tflock -`,
        );
      }
      const { ID, Operation, Who, Created } = lock;
      const found = `${Who} holds it for ${Operation}, since ${Created}`;
      const free = `terraform -chdir=infra/${name} force-unlock ${ID}`;
      return Date.now() - Date.parse(Created) > LONG_MS
        ? fail(what, found, `If that is over: ${free}`)
        : warn(what, found, `Wait for it; if nobody does that any more: ${free}`);
    });
  }
}

function lockIn(text: string): z.infer<typeof lockSchema> | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
