import type { Build } from "../../jobs/lib/version.ts";
import { ROOT } from "./programs.ts";

/** What a build is told to be of where there is no git, as in a builder's container. */
export interface ToldCommit {
  readonly commit: string;
  readonly committedAt: string;
}

/** What goes into the binary about its origin. Nothing in it depends on when or where it is built. */
export async function buildFacts(told: ToldCommit | undefined): Promise<Build> {
  if (told !== undefined) {
    return {
      commit: told.commit,
      committed_at: utc(told.committedAt),
      dirty: false,
    };
  }
  const commit = await git("rev-parse", "HEAD");
  if (commit === undefined) return { commit: null, committed_at: null, dirty: null };
  const time = await git("log", "-1", "--format=%cI");
  const changes = await git("status", "--porcelain");
  return {
    commit,
    committed_at: time === undefined ? null : utc(time),
    dirty: changes !== "",
  };
}

function utc(time: string): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

async function git(...args: string[]): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", ROOT, ...args],
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
