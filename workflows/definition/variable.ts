import { Expression } from "./expression.ts";

// Private-use characters, which stand nowhere else, mark a variable until the text is made.
const OPEN = "\uE000";
const OPEN_BARE = "\uE001";
const CLOSE = "\uE002";

/** Any marked variable, wherever it stands. */
export const MARKED: RegExp = new RegExp(`[${OPEN}${OPEN_BARE}]([a-z][a-z0-9_]*)${CLOSE}`, "g");
/** A variable that stands for a whole JSON value, with the quotes around it. */
export const MARKED_BARE: RegExp = new RegExp(`"${OPEN_BARE}([a-z][a-z0-9_]*)${CLOSE}"`, "g");

/** A dollar right before a variable. */
export const BEFORE_MARK: RegExp = new RegExp(`\\$(?=${OPEN})`, "g");

/** A value, other than text, that only the environment knows; see {@linkcode variable}. */
export class Variable<T> extends Expression<T> {
  /** See {@linkcode variable}. */
  constructor(readonly name: string) {
    super();
  }
  /** Marked, so that the quotes go when the text is made. */
  override toJSON(): string {
    return `${OPEN_BARE}${this.name}${CLOSE}`;
  }
}

class WordVariable<T> extends Variable<T> {
  override toJSON(): string {
    return `${OPEN}${this.name}${CLOSE}`;
  }
}

/** What only the environment knows, by its name in the environment's Terraform. */
export const variable = {
  /** Text, also as a part of longer text. */
  string: (name: string): string => `${OPEN}${name}${CLOSE}`,
  /** One of a few words. */
  word: <T extends string>(name: string): Variable<T> => new WordVariable(name),
  /** A number. */
  number: (name: string): Variable<number> => new Variable(name),
  /** A truth value. */
  boolean: (name: string): Variable<boolean> => new Variable(name),
  /** An object. */
  object: <T extends object>(name: string): Variable<T> => new Variable(name),
  /** A list of texts. */
  strings: (name: string): Variable<readonly string[]> => new Variable(name),
} as const;
