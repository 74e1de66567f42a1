/**
 * Where the objects of a local execution are: folders that stand in for prefixes of S3, or S3 itself.
 *
 * @module
 */

/** An object below a prefix. */
export interface StoredObject {
  /** Below the prefix; the name of the object where the prefix is its whole key. */
  readonly path: string;
  /** How the store finds it. */
  readonly id: string;
}

/** A store of objects by URI. */
export interface Objects {
  /** The objects that begin with a URI, by path; none if there are none. */
  list(uri: string): Promise<StoredObject[]>;
  /** Copies an object to a file, whose folder exists. */
  get(object: StoredObject, file: string): Promise<void>;
  /** Copies a file to a URI. */
  put(file: string, uri: string): Promise<void>;
  /** Text of an object; undefined if there is none. */
  text(uri: string): Promise<string | undefined>;
  /** What a job on this machine opens for a URI: a path, or the URI. */
  local(uri: string): string;
  /** The folder that holds what is below a URI, if it is one. */
  folder(uri: string): string | undefined;
}
