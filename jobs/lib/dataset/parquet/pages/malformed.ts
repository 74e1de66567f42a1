/** Where in a file. */
export interface PagePlace {
  /** Row group, from 0. */
  readonly rowGroup?: number;
  /** Path of the column, with dots. */
  readonly column?: string;
}

/** It cannot be, its bytes are not those that were written, or it takes too much. */
export type Trouble = "corrupt" | "checksum" | "too-large";

/** What a file says of itself cannot be. The reader makes the user's error of it. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  /** As far as it is known. */
  readonly place: PagePlace;
  /** What kind of trouble it is. */
  readonly trouble: Trouble;

  constructor(message: string, place: PagePlace = {}, trouble: Trouble = "corrupt") {
    super(message);
    this.place = place;
    this.trouble = trouble;
  }
}

/** Runs a step whose trouble is at a place. */
export function at<T>(place: PagePlace, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Malformed(error.message, { ...place, ...error.place }, error.trouble);
  }
}
