/**
 * Version and changelog from Conventional Commits (https://www.conventionalcommits.org/en/v1.0.0/).
 *
 * @module
 */

/** One commit as far as a changelog needs it. */
export interface Commit {
  /** Its abbreviated hash. */
  readonly hash: string;
  /** Its whole message. */
  readonly message: string;
}

/** What a commit says about itself. */
interface Entry {
  readonly type: string;
  readonly scope: string | undefined;
  readonly subject: string;
  readonly breaking: string | undefined;
  readonly hash: string;
}

/** Headings of the changelog, for the types that a user notices. */
const HEADINGS: Readonly<Record<string, string>> = {
  feat: "Added",
  fix: "Fixed",
  perf: "Faster",
  revert: "Taken back",
};

/**
 * The version that follows: major for a breaking change, minor for a feature, else patch. Below 1.0.0
 * a breaking change raises the minor version (SemVer 2.0.0, section 4).
 *
 * @param current `1.2.3`
 */
export function nextVersion(current: string, commits: readonly Commit[]): string {
  const [major = 0, minor = 0, patch = 0] = current.split(".").map(Number);
  const entries = commits.flatMap((commit) => parse(commit) ?? []);
  const breaking = entries.some((entry) => entry.breaking !== undefined);
  if (breaking && major > 0) return `${major + 1}.0.0`;
  if (breaking || entries.some(({ type }) => type === "feat")) return `${major}.${minor + 1}.0`;
  return `${major}.${minor}.${patch + 1}`;
}

/** The section of one version, in Markdown: breaking changes first, then by heading and scope. */
export function changelogSection(
  version: string,
  date: string,
  commits: readonly Commit[],
): string {
  const entries = commits.flatMap((commit) => parse(commit) ?? []);
  const lines = [`## ${version} (${date})`];
  const breaking = entries.filter((entry) => entry.breaking !== undefined);
  add("What you have to change", breaking.map((entry) => item(entry, entry.breaking ?? "")));
  for (const [type, heading] of Object.entries(HEADINGS)) {
    const found = entries.filter((entry) => entry.type === type);
    add(heading, found.map((entry) => item(entry, entry.subject)).sort());
  }
  if (lines.length === 1) lines.push("", "Nothing that a user notices.");
  return lines.join("\n") + "\n";

  function add(heading: string, items: readonly string[]) {
    if (items.length > 0) lines.push("", `### ${heading}`, "", ...items);
  }
}

/** Puts a section above the earlier ones of a changelog, once. */
export function withSection(changelog: string, section: string): string {
  const [title = ""] = section.split("\n");
  if (changelog.includes(`${title.split(" (")[0]} (`)) return changelog;
  const at = changelog.search(/^## /m);
  return at < 0
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, at)}${section}\n${changelog.slice(at)}`;
}

function item({ scope, hash }: Entry, text: string): string {
  return `- ${scope === undefined ? "" : `**${scope}**: `}${text} (${hash})`;
}

function parse({ hash, message }: Commit): Entry | undefined {
  const [title = "", ...body] = message.split("\n");
  const found = /^(\w+)(?:\(([^)]+)\))?(!)?: (.+)$/.exec(title.trim());
  if (found === null) return undefined;
  const [, type = "", scope, bang, subject = ""] = found;
  const footer = /^BREAKING[ -]CHANGE: ([^]*?)(?:\n\n|(?![^]))/m.exec(body.join("\n"))?.[1]?.trim();
  return {
    type: type.toLowerCase(),
    scope,
    subject,
    breaking: footer?.replaceAll("\n", " ") ?? (bang === undefined ? undefined : subject),
    hash,
  };
}
