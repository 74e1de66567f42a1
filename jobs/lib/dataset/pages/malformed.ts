/** Where in a file. */
export interface PagePlace {
  /** Row group, from 0. */
  readonly rowGroup?: number;
  /** Path of the column, with dots. */
  readonly column?: string;
}

/** What a file says of itself cannot be. The reader makes the user's error of it. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  /** As far as it is known. */
  readonly place: PagePlace;
  /** True if the bytes are not those that were written. */
  readonly checksum: boolean;

  constructor(message: string, place: PagePlace = {}, checksum = false) {
    super(message);
    this.place = place;
    this.checksum = checksum;
  }
}

/** Runs a step whose trouble is at a place. */
export function at<T>(place: PagePlace, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw new Malformed(error.message, { ...place, ...error.place }, error.checksum);
  }
}
