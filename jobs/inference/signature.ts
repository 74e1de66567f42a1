/**
 * The names and types of a model's columns, as MLflow keeps them.
 *
 * @see https://mlflow.org/docs/latest/ml/model/signatures/
 * @module
 */

import { FAILSAFE_SCHEMA, load } from "js-yaml";
import { z } from "zod";
import type { Bundle } from "../lib/mlflow/mod.ts";

/** One column of a signature. */
export interface ColumnSpec {
  readonly name: string;
  /** MLflow's: `double`, `long`, `boolean`, `string`; undefined where only the name is known. */
  readonly type?: string;
}

/**
 * The columns that the model takes, in order: of `MLmodel`, or else of `input_example.json`; undefined
 * if neither names them.
 */
export function columnSpecs({ files }: Pick<Bundle, "files">): readonly ColumnSpec[] | undefined {
  const text = (path: string) => {
    const file = files.find((each) => each.path === path);
    return file === undefined ? undefined : new TextDecoder().decode(file.bytes);
  };
  return fromSignature(text("MLmodel")) ?? fromExample(text("input_example.json"));
}

const MLMODEL = z.object({ signature: z.object({ inputs: z.string() }) });
const NAMED = z.array(
  z.object({ name: z.string().min(1).max(1000), type: z.string().max(200).exactOptional() }),
).min(1).max(100_000);
const EXAMPLE = z.object({ columns: z.array(z.string().min(1).max(1000)).min(1).max(100_000) });

function fromSignature(mlmodel: string | undefined): readonly ColumnSpec[] | undefined {
  const found = MLMODEL.safeParse(parsed(() => load(mlmodel ?? "", { schema: FAILSAFE_SCHEMA })));
  if (!found.success) return undefined;
  const named = NAMED.safeParse(parsed(() => JSON.parse(found.data.signature.inputs)));
  // A tensor of columns without names is a signature too.
  if (!named.success || named.data.some(({ type }) => type === "tensor")) return undefined;
  return named.data;
}

function fromExample(example: string | undefined): readonly ColumnSpec[] | undefined {
  const found = EXAMPLE.safeParse(parsed(() => JSON.parse(example ?? "")));
  return found.success ? found.data.columns.map((name) => ({ name })) : undefined;
}

/** Undefined if the text is not of that form. */
function parsed(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
