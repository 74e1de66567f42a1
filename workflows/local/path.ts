/**
 * Paths into JSON, as `Get` and `Std:JsonGet` write them: `metrics.accuracy.value`,
 * `Outputs['report'].S3Output.S3Uri`, `reasons[0]`.
 *
 * @module
 */

/** A name or an index. */
export type Part = string | number;

/** Reads a path. @returns undefined if it is none */
export function parsePath(path: string): Part[] | undefined {
  const parts: Part[] = [];
  let rest = path.startsWith("$") ? path.slice(1) : path;
  while (rest !== "") {
    const [whole, dotted, index, single, double] =
      /^(?:\.?([^.[\]'"\s]+)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\])/.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    parts.push(index === undefined ? dotted ?? single ?? double ?? "" : Number(index));
    rest = rest.slice(whole.length);
  }
  return parts.length === 0 ? undefined : parts;
}

/** What SageMaker calls an entry of a list by. */
const NAMES = ["OutputName", "InputName", "ChannelName", "MetricName", "Name"];

/** What is at a path; undefined if nothing is. A list's entry can be meant by its name. */
export function lookUp(json: unknown, path: readonly Part[]): unknown {
  let at = json;
  for (const part of path) {
    if (Array.isArray(at)) {
      at = typeof part === "number" ? at[part] : at.find((each) => isNamed(each, part));
    } else if (isObject(at)) {
      at = Object.hasOwn(at, part) ? at[part] : undefined;
    } else return undefined;
  }
  return at;
}

/** Whether it is a JSON object. */
export function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isNamed(entry: unknown, name: string): boolean {
  return isObject(entry) && NAMES.some((key) => entry[key] === name);
}
