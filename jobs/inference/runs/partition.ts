/**
 * From a run's nominal time to the folder of its data, as Hive lays days out.
 *
 * @module
 */

/**
 * Reads a template such as `day={yyyy}-{MM}-{dd}` or `year={yyyy}/month={MM}/day={dd}/hour={HH}`.
 *
 * @returns the folder of the partition at a time in UTC
 * @throws {Error} that says what is allowed
 */
export function parsePartition(template: string): Partition {
  const unknown = /\{(?!(?:yyyy|MM|dd|HH)\})[^}]*\}?/.exec(template)?.[0];
  if (unknown !== undefined) throw new Error(`${unknown} is none of {yyyy}, {MM}, {dd}, {HH}`);
  if (!/\{/.test(template)) throw new Error("it must contain one of {yyyy}, {MM}, {dd}, {HH}");
  const parts = template.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    throw new Error("it must be folders, separated by single slashes");
  }
  return (time) => {
    const [yyyy = "", MM = "", dd = "", HH = ""] = time.toISOString().split(/[-T:]/);
    const values: Readonly<Record<string, string>> = { yyyy, MM, dd, HH };
    return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
  };
}

/** See {@linkcode parsePartition}. */
export type Partition = (time: Date) => string;

/** How days are laid out unless told otherwise. */
export const DAILY: Partition = parsePartition("day={yyyy}-{MM}-{dd}");

/** The data of a run: the partition of its slot so many days earlier, below a folder or URI. */
export function partitionOf(
  data: string,
  partition: Partition | undefined,
  slot: Date,
  lagDays: number,
): string {
  if (partition === undefined) return data;
  const time = new Date(slot.getTime() - lagDays * 86_400_000);
  return `${data.replace(/\/+$/, "")}/${partition(time)}`;
}
