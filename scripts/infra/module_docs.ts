/**
 * The tables of a module's README: what it needs, makes, takes and gives, in terraform-docs' form.
 *
 * @see https://terraform-docs.io
 *
 * @module
 */
import { type Block, blocksOf, unquoted } from "./hcl.ts";

const BEGIN = "<!-- BEGIN_TF_DOCS -->";
const END = "<!-- END_TF_DOCS -->";

/** The tables of a module. @param files texts of its `.tf` files */
export function moduleTables(files: readonly string[]): string {
  const blocks = files.flatMap(blocksOf);
  const of = (kind: string) =>
    blocks.filter((block) => block.kind === kind)
      .toSorted((a, b) => a.labels.join(".") < b.labels.join(".") ? -1 : 1);
  const sections: [string, string][] = [
    ["Requirements", table(["Name", "Version"], requirements(blocks))],
    [
      "Resources",
      table(["Name", "Type"], [
        ...of("resource").map(({ labels }) => [code(labels.join(".")), "resource"]),
        ...of("data").map(({ labels }) => [code(labels.join(".")), "data source"]),
      ]),
    ],
    [
      "Inputs",
      table(["Name", "Description", "Type", "Default", "Required"], of("variable").map(input)),
    ],
    [
      "Outputs",
      table(
        ["Name", "Description"],
        of("output").map((output) => [
          code(output.labels[0] ?? ""),
          description(output),
        ]),
      ),
    ],
  ];
  return sections.map(([title, rows]) => `## ${title}\n\n${rows}`).join("\n\n");
}

/**
 * A README with other tables; what stands before and after them stays.
 *
 * @returns undefined where it has no place for them
 */
export function withTables(readme: string, tables: string): string | undefined {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) return undefined;
  return `${readme.slice(0, begin)}${BEGIN}\n\n${tables}\n\n${readme.slice(end)}`;
}

function requirements(blocks: readonly Block[]): string[][] {
  const body = blocks.find(({ kind }) => kind === "terraform")?.body ?? "";
  const [, terraform = ""] = /required_version\s*=\s*"([^"]+)"/.exec(body) ?? [];
  const providers = [...body.matchAll(/^ {4}([a-z]+) = \{[^}]*version\s*=\s*"([^"]+)"/gm)];
  return [
    ["terraform", code(terraform)],
    ...providers.map(([, name = "", version = ""]) => [name, code(version)]),
  ];
}

function input(variable: Block): string[] {
  const { type = "any", default: fallback } = variable.arguments;
  return [
    code(variable.labels[0] ?? ""),
    description(variable),
    code(inline(type)),
    fallback === undefined ? "n/a" : code(inline(fallback)),
    fallback === undefined ? "yes" : "no",
  ];
}

function description(block: Block): string {
  // A bare star or underscore would begin emphasis.
  return unquoted(block.arguments.description ?? "").replace(/(?<=\W|^)[*_]|\|/g, "\\$&");
}

function inline(text: string): string {
  return text.replace(/\n\s*([\])}])/g, (_, close) => close === "}" ? " }" : close)
    .replace(/([[(])\n\s*/g, "$1").replace(/\{\n\s*/g, "{ ")
    .replace(/,?\n\s*/g, ", ").replace(/ +/g, " ");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** Columns of equal width, as `deno fmt` leaves them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.";
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => [...row[at] ?? ""].length))
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
