import assert from "node:assert/strict";
import { changelogSection, nextVersion, withSection } from "./changelog.ts";

const commits = (...messages: string[]) =>
  messages.map((message) => ({ hash: "abc1234", message }));

Deno.test("nextVersion() follows Conventional Commits and SemVer", () => {
  const next = (current: string, ...messages: string[]) =>
    nextVersion(current, commits(...messages));
  assert.equal(next("1.4.2", "fix(kafka): a"), "1.4.3");
  assert.equal(next("1.4.2", "docs: a", "no convention at all"), "1.4.3");
  assert.equal(next("1.4.2", "fix: a", "feat(forest): b"), "1.5.0");
  assert.equal(next("1.4.2", "feat!: b"), "2.0.0");
  assert.equal(next("1.4.2", "perf: b\n\nwhy\n\nBREAKING CHANGE: the flag is gone"), "2.0.0");
  assert.equal(next("0.4.2", "feat!: b"), "0.5.0");
});

Deno.test("changelogSection() says what to change, what is new and what is mended, and no chores", () => {
  const section = changelogSection(
    "1.5.0",
    "2026-11-23",
    commits(
      "feat(forest): trees",
      "fix: a leak",
      "chore: x",
      "feat(api)!: b\n\nBREAKING CHANGE: rename\nthe flag",
    ),
  );
  assert.equal(
    section,
    `## 1.5.0 (2026-11-23)

### What you have to change

- **api**: rename the flag (abc1234)

### Added

- **api**: b (abc1234)
- **forest**: trees (abc1234)

### Fixed

- a leak (abc1234)
`,
  );
});

Deno.test("withSection() keeps the newest first and adds a version once", () => {
  const head = "# Changelog\n";
  const first = changelogSection("1.0.0", "2026-01-01", commits("feat: a"));
  const second = changelogSection("1.0.1", "2026-01-02", commits("fix: b"));
  const both = withSection(withSection(head, first), second);
  assert.deepEqual(both.match(/^##? .*/gm), [
    "# Changelog",
    "## 1.0.1 (2026-01-02)",
    "## 1.0.0 (2026-01-01)",
  ]);
  assert.equal(withSection(both, second), both);
});
