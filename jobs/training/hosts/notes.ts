/**
 * What hosts tell each other beside trees: that they begin, and with what; that they failed, and why.
 *
 * @module
 */
import { z } from "zod";
import type { Storage } from "../../lib/storage/mod.ts";

const schema = z.discriminatedUnion("state", [
  z.object({
    state: z.literal("began"),
    host: z.string().max(256),
    fingerprint: z.string().max(64),
  }),
  z.object({ state: z.literal("failed"), host: z.string().max(256), reason: z.string().max(4096) }),
]);

/** One of them. */
export type HostNote = z.infer<typeof schema>;

/** The notes of one job. */
export interface HostNotes {
  /** Writes that this host begins to grow trees that depend on what the fingerprint says. */
  began(fingerprint: string): Promise<void>;
  /** Writes that this host failed. */
  failed(reason: string): Promise<void>;
  /** Notes that have not been read before, those of this host too. */
  read(): Promise<HostNote[]>;
}

/** Most of a reason is its beginning. */
const REASON = 1024;

/**
 * Opens the notes of a job.
 *
 * @param job The job's name. Without one nothing tells one attempt from the next, so notes that are
 *   there already are those of an earlier one, and not read.
 * @throws {DependencyError} `storage.…`
 */
export async function openNotes(
  storage: Storage,
  job: string | undefined,
  host: string,
): Promise<HostNotes> {
  const folder = `notes/${encodeURIComponent(job ?? "unnamed")}/`;
  const seen = new Set(job === undefined ? await storage.list(folder) : []);
  const write = async (note: HostNote) => {
    const key = `${folder}${encodeURIComponent(host)}-${crypto.randomUUID()}.json`;
    await storage.create(key, JSON.stringify(note));
  };
  return {
    began: (fingerprint) => write({ state: "began", host, fingerprint }),
    failed: (reason) => write({ state: "failed", host, reason: reason.slice(0, REASON) }),
    read: async () => {
      const notes: HostNote[] = [];
      for (const key of await storage.list(folder)) {
        if (seen.has(key)) continue;
        seen.add(key);
        const parsed = schema.safeParse(parse(await storage.read(key) ?? ""));
        if (parsed.success) notes.push(parsed.data);
      }
      return notes;
    },
  };
}

/** What is no JSON is no note. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
