/**
 * Models that were downloaded, kept in a folder by their digest.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Log } from "../log.ts";
import { type Bundle, readBundle, writeBundle } from "./bundle/mod.ts";

/** A folder of models. */
export interface ModelCache {
  /**
   * The bundle of that digest, from the folder or else downloaded and kept. A damaged or missing copy
   * is replaced; a folder that cannot be written costs a warning and nothing else.
   *
   * @param source tells apart bundles that differ in other files than the graph
   */
  get(digest: string, source: string, download: () => Promise<Bundle>): Promise<Bundle>;
}

/** A cache in `folder`, which is made when the first model comes. */
export function modelCache(folder: string, log: Log): ModelCache {
  return {
    async get(digest, source, download) {
      const of = createHash("sha256").update(source).digest("hex").slice(0, 12);
      const path = join(folder, `${digest}-${of}`);
      const kept = await readBundle(path).catch(() => undefined);
      if (kept?.digest === digest) {
        log.info("the model is in the cache", { folder: path });
        return kept;
      }
      const bundle = await download();
      if (bundle.digest !== digest) return bundle;
      try {
        await Deno.mkdir(folder, { recursive: true });
        await writeBundle(path, bundle.files);
      } catch (error) {
        log.warn("the model could not be kept in the cache", { folder, reason: messageOf(error) });
      }
      return bundle;
    },
  };
}
