/**
 * What a module says about itself, read from its files as `terraform fmt` leaves them: a block begins
 * with a line of its own and ends with a `}` at the beginning of one, and an argument of it is indented
 * by two.
 *
 * @module
 */

/** A top-level block. */
export interface Block {
  /** `variable`, `output`, `resource`, … */
  readonly kind: string;
  /** Its labels: `["aws_s3_bucket", "this"]`. */
  readonly labels: readonly string[];
  /** Text of each argument of its own, as it stands there. */
  readonly arguments: Readonly<Record<string, string>>;
  /** Kinds of the blocks directly in it, one each time. */
  readonly inner: readonly string[];
  /** Everything between its first and last line. */
  readonly body: string;
}

const OPENING = /^([a-z_]+)((?: "[^"]+")*) \{$/;

/** The top-level blocks of a file, in their order. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [whole, kind = "", labels = ""] = OPENING.exec(line) ??
      /^([a-z_]+)((?: "[^"]+")*) \{\}$/.exec(line) ?? [];
    if (whole === undefined) continue;
    const end = line.endsWith("{}") ? at : lines.indexOf("}", at);
    const body = end === at ? [] : lines.slice(at + 1, end);
    blocks.push({
      kind,
      labels: [...labels.matchAll(/"([^"]+)"/g)].map(([, label = ""]) => label),
      ...parts(body),
      body: body.join("\n"),
    });
    at = end;
  }
  return blocks;
}

function parts(lines: readonly string[]): Pick<Block, "arguments" | "inner"> {
  const found: Record<string, string> = {};
  const inner: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const [, name, value] = /^ {2}([a-z_]+) +?= (.*)$/.exec(line.replace(/ += /, " = ")) ?? [];
    if (name !== undefined && value !== undefined) {
      const end = /[[({]$/.test(value) ? closing(lines, at) : at;
      found[name] = [value, ...lines.slice(at + 1, end + 1).map((one) => one.slice(2))].join("\n");
      at = end;
      continue;
    }
    const [, kind] = /^ {2}([a-z_]+)(?: "[^"]+")* \{$/.exec(line) ?? [];
    if (kind !== undefined) {
      inner.push(kind);
      at = closing(lines, at);
    }
  }
  return { arguments: found, inner };
}

/** Line of the bracket that closes what a line at two blanks opens. */
function closing(lines: readonly string[], from: number): number {
  const end = lines.findIndex((line, at) => at > from && /^ {2}[\])}]/.test(line));
  return end < 0 ? lines.length - 1 : end;
}

/** The text of a quoted argument. */
export function unquoted(text: string): string {
  return text.replace(/^"([\s\S]*)"$/, "$1").replaceAll('\\"', '"').replaceAll("%%", "%");
}
