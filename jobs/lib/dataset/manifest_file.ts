/**
 * SageMaker's manifest: a list of objects, as `S3DataType: ManifestFile` takes it.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 * @module
 */
import { z } from "zod";
import { DataError, issuesOf } from "../errors.ts";

const MOST = 1_000_000;

const manifest = z.tuple(
  [z.strictObject({ prefix: z.string().regex(/^s3:\/\/[^/]+\//, "is no s3://BUCKET/…") })],
  z.string().min(1),
).refine(({ length }) => length <= MOST, `has more than ${MOST} names`);

/** Whether a path is one of a manifest. */
export function isManifest(path: string): boolean {
  return path.endsWith(".manifest");
}

/**
 * The objects that a manifest lists, sorted, each once: `[{"prefix": "s3://bucket/data/"}, "a.parquet"]`.
 *
 * @throws {DataError} `data.manifest-invalid`
 */
export function parseManifest(text: string, path: string): string[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalid(path, "it is not JSON");
  }
  const parsed = manifest.safeParse(json);
  if (!parsed.success) throw invalid(path, issuesOf(parsed.error));
  const [{ prefix }, ...names] = parsed.data;
  if (names.length === 0) throw invalid(path, "it lists no object");
  return [...new Set(names.map((name) => prefix + name))].sort((a, b) => a < b ? -1 : 1);
}

function invalid(path: string, found: string): DataError {
  return new DataError({
    code: "data.manifest-invalid",
    cannot: `read the manifest ${path}`,
    found,
    todo: 'Give [{"prefix": "s3://bucket/data/"}, "a.parquet", "b.parquet"]',
    place: { file: path },
  });
}
