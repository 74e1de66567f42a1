/**
 * Reads a `terraform.tfvars`: names with strings, numbers, true, false, null, lists and maps, as
 * Terraform takes them there. Expressions and here-documents are none of a variable file's.
 *
 * @see https://developer.hashicorp.com/terraform/language/values/variables#variable-definitions-tfvars-files
 * @module
 */
import { UsageError } from "../../jobs/lib/errors.ts";

/** What a variable can be. */
export type VariableValue =
  | string
  | number
  | boolean
  | null
  | readonly VariableValue[]
  | { readonly [name: string]: VariableValue };

/** Values by name. */
export type Variables = Readonly<Record<string, VariableValue>>;

/**
 * Reads the text of a variable file.
 *
 * @param file names it in messages
 * @throws {UsageError} `params.variables-invalid`, with the line
 */
export function readVariables(text: string, file: string): Variables {
  const reader = new Reader(tokens(text, file), file);
  const variables: Record<string, VariableValue> = {};
  while (!reader.atEnd()) {
    const { text: name, line } = reader.take("name");
    if (Object.hasOwn(variables, name)) throw invalid(file, line, `${name} is there twice`);
    reader.take("=");
    variables[name] = reader.value();
  }
  return variables;
}

/** The text of a variable; undefined where the file gives none. */
export function textOf(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return typeof value === "string" ? value : undefined;
}

/** The same for what has to be there. @throws {UsageError} `params.variable-missing` */
export function requiredText(variables: Variables, name: string, file: string): string {
  const value = textOf(variables, name);
  if (value !== undefined) return value;
  throw new UsageError({
    code: "params.variable-missing",
    cannot: `read ${file}`,
    found: `it has no text for ${name}`,
    todo: `Write ${name} = "…" in it`,
    place: { file },
  });
}

interface Token {
  readonly kind: "name" | "string" | "number" | "=" | ":" | "," | "[" | "]" | "{" | "}";
  readonly text: string;
  readonly line: number;
}

const PATTERN =
  /(?<space>\s+|#[^\n]*|\/\/[^\n]*|\/\*[^]*?\*\/)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_][\w-]*)|(?<mark>[=:,[\]{}])/y;

function tokens(text: string, file: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  for (let at = 0; at < text.length;) {
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(text);
    if (match === null) {
      throw invalid(file, line, `${JSON.stringify(text.slice(at, at + 12))} is no value`);
    }
    const { space, string, number, name, mark } = match.groups ?? {};
    if (string !== undefined) {
      found.push({ kind: "string", text: unquote(string, file, line), line });
    } else if (number !== undefined) found.push({ kind: "number", text: number, line });
    else if (name !== undefined) found.push({ kind: "name", text: name, line });
    else if (space === undefined) {
      found.push({ kind: (mark ?? "") as Token["kind"], text: mark ?? "", line });
    }
    line += match[0].split("\n").length - 1;
    at = PATTERN.lastIndex;
  }
  return found;
}

function unquote(quoted: string, file: string, line: number): string {
  if (/(?<!\$)\$\{|(?<!%)%\{/.test(quoted)) {
    throw invalid(file, line, `${quoted} is a template, which a variable file cannot have`);
  }
  try {
    return String(JSON.parse(quoted)).replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{");
  } catch {
    throw invalid(file, line, `${quoted} has an unknown escape`);
  }
}

class Reader {
  #at = 0;
  constructor(readonly tokens: readonly Token[], readonly file: string) {}

  atEnd(): boolean {
    return this.#at >= this.tokens.length;
  }

  take(kind: Token["kind"]): Token {
    const token = this.tokens[this.#at++];
    if (token?.kind === kind) return token;
    const line = token?.line ?? this.tokens.at(-1)?.line ?? 1;
    const found = token === undefined ? "the file ends" : `there is ${JSON.stringify(token.text)}`;
    throw invalid(this.file, line, `${found} where a ${kind} belongs`);
  }

  value(): VariableValue {
    const token = this.tokens[this.#at];
    if (token?.kind === "[") return this.#list();
    if (token?.kind === "{") return this.#map();
    if (token?.kind === "string") return this.take("string").text;
    if (token?.kind === "number") return Number(this.take("number").text);
    const { text, line } = this.take("name");
    if (text === "true" || text === "false") return text === "true";
    if (text === "null") return null;
    throw invalid(this.file, line, `${text} is an expression, which a variable file cannot have`);
  }

  #list(): VariableValue[] {
    const found: VariableValue[] = [];
    this.take("[");
    while (!this.#skip("]")) {
      found.push(this.value());
      if (!this.#skip(",")) {
        this.take("]");
        break;
      }
    }
    return found;
  }

  /** Entries stand on lines of their own, or between commas. */
  #map(): Record<string, VariableValue> {
    const found: Record<string, VariableValue> = {};
    this.take("{");
    while (!this.#skip("}")) {
      const key = this.tokens[this.#at]?.kind === "string"
        ? this.take("string")
        : this.take("name");
      if (!this.#skip(":")) this.take("=");
      found[key.text] = this.value();
      this.#skip(",");
    }
    return found;
  }

  #skip(kind: Token["kind"]): boolean {
    if (this.tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }
}

function invalid(file: string, line: number, found: string): UsageError {
  return new UsageError({
    code: "params.variables-invalid",
    cannot: `read ${file}`,
    found: `line ${line}: ${found}`,
    todo: "Write values as Terraform's variable files have them",
    place: { file },
  });
}
