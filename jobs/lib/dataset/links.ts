/**
 * Symbolic links below a folder of data. One that stays in the folder is followed: mounted volumes are
 * made of them. One that leads out of it, in a circle, or to rows that are read anyway is refused: who
 * may write to a folder of data must not name files elsewhere, and no row comes twice.
 *
 * @module
 */
import { sep } from "node:path";
import { DataError } from "../errors.ts";

/** Links that were met while a folder was looked through. */
export class Links {
  readonly #root: string;
  #met = false;

  /** @param root the folder that was given; it may be a link itself */
  constructor(root: string) {
    this.#root = root;
  }

  /** Checks a link in one of the folders. @throws {DataError} `data.link` */
  async follow(link: string, folder: string): Promise<void> {
    this.#met = true;
    const [target = "", root = "", here = ""] = await Promise.all(
      [link, this.#root, folder].map((path) => Deno.realPath(path)),
    );
    if (!isIn(target, root)) {
      throw refused(link, `the symbolic link ${link} leads to ${target}, out of ${this.#root}`);
    }
    if (isIn(here, target)) {
      throw refused(link, `the symbolic link ${link} leads to a folder that it is in itself`);
    }
  }

  /** Checks that no two paths are one file. @throws {DataError} `data.link` */
  async requireDistinct(paths: readonly string[]): Promise<void> {
    if (!this.#met) return;
    const seen = new Map<string, string>();
    for (const path of paths) {
      const file = await Deno.realPath(path);
      const other = seen.get(file);
      if (other !== undefined) {
        throw refused(
          path,
          `by a symbolic link ${[other, path].sort().join(" and ")} are one file`,
        );
      }
      seen.set(file, path);
    }
  }
}

function isIn(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function refused(file: string, found: string): DataError {
  return new DataError({
    code: "data.link",
    cannot: "read the data",
    found,
    todo: "Copy what it leads to, or give that itself",
    place: { file },
  });
}
