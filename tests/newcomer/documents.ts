/**
 * The commands of the documents, as somebody who arrives would type them.
 *
 * @module
 */

/** A fenced block of commands. */
export interface Block {
  readonly page: string;
  /** From 1. */
  readonly line: number;
  /** What the marked ones need that not everybody has: `AWS`. */
  readonly needs: string | undefined;
  /** Without comments and empty lines; continued lines are whole. */
  readonly commands: readonly Command[];
}

/** One command line. */
export interface Command {
  readonly line: string;
  /** As its comment says: `# …, exit 5`; 0 unless it says so. */
  readonly exit: number;
}

/** A fence that holds commands, but does not say so. */
export interface Unlabelled {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}

/** What a command line begins with, after its variables. */
const COMMAND =
  /^(?:[A-Z][A-Z0-9_]*=\S* )*(?:deno|npx|aws|terraform|podman|docker|mlflow|gh|cd|cp|sed|uvx|dist\/\w+) /m;

/** Pages with commands: README, CONTRIBUTING, all of docs. */
export async function pages(): Promise<string[]> {
  const names = (await Array.fromAsync(Deno.readDir("docs"))).map(({ name }) => name)
    .filter((name) => name.endsWith(".md")).sort();
  return [
    "README.md",
    "CONTRIBUTING.md",
    "bench/README.md",
    ...names.map((name) => `docs/${name}`),
  ];
}

/** The blocks of a page in their order, and fences of commands without a language. */
export async function readPage(
  page: string,
): Promise<{ readonly blocks: Block[]; readonly unlabelled: Unlabelled[] }> {
  const text = await Deno.readTextFile(page);
  const blocks: Block[] = [];
  const unlabelled: Unlabelled[] = [];
  for (const found of text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)) {
    const [, language = "", body = ""] = found;
    const line = text.slice(0, found.index).split("\n").length;
    if (language === "sh" || language === "bash") {
      const needs = /^# needs (.+)$/m.exec(body.split("\n")[0] ?? "")?.[1];
      blocks.push({ page, line, needs, commands: commandsOf(body) });
    } else if (language === "" && COMMAND.test(body)) {
      unlabelled.push({ page, line, text: body.trim().split("\n")[0] ?? "" });
    }
  }
  return { blocks, unlabelled };
}

function commandsOf(body: string): Command[] {
  return body.replace(/\\\n\s*/g, "").split("\n").flatMap((text) => {
    const line = text.replace(/(^|\s)#\s.*$/, "").trim();
    const exit = Number(/\s#\s.*\bexit (\d)$/.exec(text)?.[1] ?? 0);
    return line === "" ? [] : [{ line, exit }];
  });
}
