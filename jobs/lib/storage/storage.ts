/**
 * What a storage can do.
 *
 * @module
 */

/**
 * Texts and blocks of bytes under keys like `2013-10-01/manifest.json`. Nothing is replaced or removed:
 * whoever creates a key first decides what it holds, and from then on every reader sees just that.
 */
export interface Storage {
  /** Where it is, for messages. */
  readonly uri: string;
  /**
   * Creates a key, whole and for good or not at all.
   *
   * @param content A text, which is kept as UTF-8, or bytes.
   * @returns true if the key holds this content now, false if another one was there first. A content
   *   that only this attempt can have written therefore says who won, even if an answer was lost.
   * @throws {DependencyError} `storage.…`
   */
  create(key: string, content: string | Uint8Array<ArrayBuffer>): Promise<boolean>;
  /** The text of a key; undefined if there is none. @throws {DependencyError} `storage.…` */
  read(key: string): Promise<string | undefined>;
  /** The bytes of a key; undefined if there is none. @throws {DependencyError} `storage.…` */
  readBytes(key: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** Keys that begin with the prefix, sorted. @throws {DependencyError} `storage.…` */
  list(prefix: string): Promise<string[]>;
  /** Path or URI of a key, for messages. */
  locate(key: string): string;
}

/** What a storage is for, for messages. */
export interface Purpose {
  /** The option that names it. */
  readonly option: string;
  /** What cannot be done without it, continuing "Cannot ": `keep the state of runs`. */
  readonly purpose: string;
}

/** The bytes of a content. */
export function bytesOf(content: string | Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

/** Whether two contents are the same, byte for byte. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
