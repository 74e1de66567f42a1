/**
 * All that is wrong with the files of a dataset, in one error.
 *
 * @module
 */
import { DataError } from "../errors.ts";

/** More would only hide the first. */
export const MOST_PROBLEMS = 20;

/** What is found to be wrong, as far as anybody would read it. */
export class Problems {
  /** At most {@linkcode MOST_PROBLEMS}. */
  readonly found: DataError[] = [];

  /** Whether there may be more. */
  get full(): boolean {
    return this.found.length >= MOST_PROBLEMS;
  }

  /** Adds one, while there is room. */
  add(problem: () => DataError): void {
    if (!this.full) this.found.push(problem());
  }
}

/**
 * All that is wrong, as one error.
 *
 * @param problems Each with its file; if there are {@linkcode MOST_PROBLEMS}, there may be more.
 * @returns the only one itself, and nothing for none; several have their code and advice if these are the
 * same, else `data.invalid`
 */
export function allProblems(uri: string, problems: readonly DataError[]): DataError | undefined {
  const [first, ...others] = problems;
  if (first === undefined || others.length === 0) return first;
  const same = (of: (problem: DataError) => string) =>
    others.every((other) => of(other) === of(first));
  const named = problems.slice(0, MOST_PROBLEMS).map(problemOf).join("; ");
  return new DataError({
    code: same(({ code }) => code) ? first.code : "data.invalid",
    cannot: `read ${uri}`,
    found: problems.length < MOST_PROBLEMS
      ? `${problems.length} things are wrong: ${named}`
      : `${MOST_PROBLEMS} things and perhaps more are wrong: ${named}`,
    todo: same(({ todo }) => todo)
      ? first.todo
      : "Correct these files, or take them out of the folder",
    place: first.place,
    cause: new AggregateError(problems),
  });
}

/** What is wrong with a file, with its name, as part of a sentence. */
export function problemOf({ found, place }: DataError): string {
  return place.file === undefined ? found : `${place.file}: ${found}`;
}
