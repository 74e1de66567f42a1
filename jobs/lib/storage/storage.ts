/**
 * What a storage can do.
 *
 * @module
 */

/**
 * Small texts under keys like `2013-10-01/manifest.json`. Nothing is replaced or removed: whoever
 * creates a key first decides what it holds, and from then on every reader sees just that.
 */
export interface Storage {
  /** Where it is, for messages. */
  readonly uri: string;
  /**
   * Creates a key, whole and for good or not at all.
   *
   * @returns true if the key holds this text now, false if another text was there first. A text that
   *   only this attempt can have written therefore says who won, even if an answer was lost.
   * @throws {DependencyError} `storage.…`
   */
  create(key: string, text: string): Promise<boolean>;
  /** The text of a key; undefined if there is none. @throws {DependencyError} `storage.…` */
  read(key: string): Promise<string | undefined>;
  /** Keys that begin with the prefix, sorted. @throws {DependencyError} `storage.…` */
  list(prefix: string): Promise<string[]>;
  /** Path or URI of a key, for messages. */
  locate(key: string): string;
}
