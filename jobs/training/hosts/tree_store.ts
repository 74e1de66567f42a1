import type { BlockStore } from "../../lib/forest/mod.ts";
import type { Storage } from "../../lib/storage/mod.ts";

const FOLDER = "trees/";

/**
 * Blocks of trees in a storage that hosts share. Their names say what they depend on, so trainings may
 * share a storage, and one that is started again finds its trees.
 */
export function treeStore(storage: Storage): BlockStore {
  return {
    place: storage.locate(FOLDER),
    list: async (prefix = "") => {
      const keys = await storage.list(FOLDER + prefix);
      return keys.map((key) => key.slice(FOLDER.length));
    },
    read: (name) => storage.readBytes(FOLDER + name),
    write: async (name, bytes) => {
      await storage.create(FOLDER + name, bytes);
    },
  };
}
