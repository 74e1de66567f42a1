import { UsageError } from "../errors.ts";

/** Whom a process becomes. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom to become according to `ML_RUN_AS`, which the images set to `UID:GID`.
 *
 * @param setting value of `ML_RUN_AS`: `UID:GID`, `root` to stay it, or not set
 * @param uid whose the process is now
 * @returns undefined to go on as it is: only root can become somebody else
 * @throws {UsageError} `container.run-as` for anything else
 */
export function identityFor(setting: string | undefined, uid: number): Identity | undefined {
  if (setting === undefined || setting === "root") return undefined;
  const [, user, group] = /^([1-9]\d{0,8}):([1-9]\d{0,8})$/.exec(setting) ?? [];
  if (user === undefined || group === undefined) {
    throw new UsageError({
      code: "container.run-as",
      cannot: "start",
      found: `ML_RUN_AS is ${JSON.stringify(setting)}`,
      todo: "Set it to UID:GID, two numbers above 0, or to root",
      place: { option: "ML_RUN_AS" },
    });
  }
  return uid === 0 ? { uid: Number(user), gid: Number(group) } : undefined;
}
