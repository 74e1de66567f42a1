import { DataError, isNotFound, messageOf } from "../../errors.ts";
import { type Constraints, readConstraints } from "./constraints.ts";

/** Loads a `constraints.json`. @throws {DataError} `data.constraints-invalid` */
export async function loadConstraints(file: string): Promise<Constraints> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    throw new DataError({
      code: "data.constraints-invalid",
      cannot: `read the constraints ${file}`,
      found: isNotFound(error) ? "there is no such file" : messageOf(error),
      todo: "Take baseline/constraints.json of a model, or what training validate wrote",
      place: { file, option: "--constraints" },
    });
  }
  return readConstraints(text, file);
}
