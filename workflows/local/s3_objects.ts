/**
 * S3 itself, or what answers like it; what is no `s3://` is a path.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { listObjects, openObject, putObject } from "../../jobs/lib/storage/mod.ts";
import { type ExceptionType, PlatformFault, StepFailure } from "./failures.ts";
import { folderObjects } from "./folder_objects.ts";
import type { Objects } from "./objects.ts";

const PURPOSE = { option: "the bucket", purpose: "copy the data of a step" };
/** Bytes that are copied at a time. */
const PART = 8 * 2 ** 20;

/** Objects of S3, with the endpoint and credentials of every AWS tool. */
export function s3Objects(): Objects {
  const files = folderObjects("", new Map());
  const isS3 = (uri: string) => uri.startsWith("s3://");
  return {
    local: (uri) => isS3(uri) ? uri : files.local(uri),
    folder: (uri) => isS3(uri) ? undefined : files.folder(uri),
    list: async (uri) => {
      if (!isS3(uri)) return await files.list(uri);
      const base = uri.replace(/\/+$/, "");
      const found = await asFaults(() => listObjects(uri, PURPOSE));
      return found.filter((id) => !id.endsWith("/")).map((id) => ({
        id,
        path: id === uri ? id.split("/").at(-1) ?? id : id.slice(base.length + 1),
      }));
    },
    get: async (object, file) => {
      if (!isS3(object.id)) return await files.get(object, file);
      const reader = await asFaults(() => openObject(object.id, PURPOSE));
      if (reader === undefined) throw new StepFailure(`ClientError: there is no ${object.id}`);
      using to = await Deno.open(file, { write: true, create: true, truncate: true });
      for (let at = 0; at < reader.bytes; at += PART) {
        const bytes = new Uint8Array(
          await asFaults(() => reader.read(at, Math.min(at + PART, reader.bytes))),
        );
        for (let written = 0; written < bytes.length;) {
          written += await to.write(bytes.subarray(written));
        }
      }
    },
    put: async (file, uri) => {
      if (!isS3(uri)) return await files.put(file, uri);
      const bytes = await Deno.readFile(file);
      await asFaults(() => putObject(uri, bytes, PURPOSE));
    },
    text: async (uri) => {
      if (!isS3(uri)) return await files.text(uri);
      const reader = await asFaults(() => openObject(uri, PURPOSE));
      return reader && new TextDecoder().decode(await reader.read(0, reader.bytes));
    },
  };
}

/** What only the user can mend fails the step; the rest is SageMaker's to try again. */
const PERMANENT = ["no-credentials", "credentials-refused", "no-bucket", "denied", "refused"];

async function asFaults<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof DependencyError)) throw error;
    if (PERMANENT.some((code) => error.code === `storage.${code}`)) {
      throw new StepFailure(`ClientError: ${error.message}`, { exitCode: error.exitCode });
    }
    const type: ExceptionType = /SlowDown|Throttl/.test(error.message)
      ? "Step.THROTTLING"
      : "SageMaker.JOB_INTERNAL_ERROR";
    throw new PlatformFault(type, error.message);
  }
}
