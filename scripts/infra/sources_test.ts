import assert from "node:assert/strict";
import fc from "fast-check";
import { REPOSITORY, sourcesOf, withSources } from "./sources.ts";

const TEXT = `module "network" {
  source = "git::https://example.com/fork.git//infra/modules/network?ref=v1.0.0" # stays
  cidr   = "10.0.0.0/16"
}
module "ci_access" {
  source    = "git::https://example.com/fork.git//infra/modules/ci-access?ref=v1.0.0"
}
module "other" {
  source = "terraform-aws-modules/vpc/aws"
}
`;

Deno.test("withSources() changes the tags of this repository's modules and nothing else", () => {
  const changed = withSources(TEXT, { kind: "tag", tag: "v2.0.0" });
  assert.equal(changed, TEXT.replaceAll("v1.0.0", "v2.0.0"));
});

Deno.test("withSources() goes to the modules beside the configuration and back", () => {
  const local = withSources(TEXT, { kind: "local" });
  assert.deepEqual(sourcesOf(local), [{ module: "network" }, { module: "ci-access" }]);
  const back = withSources(local, {
    kind: "tag",
    tag: "v1.0.0",
    repository: "https://example.com/fork.git",
  });
  assert.equal(back, TEXT);
});

Deno.test("withSources() falls back on the project's own repository", () => {
  const text = withSources('  source = "../modules/roles"\n', { kind: "tag", tag: "v1.2.3" });
  assert.equal(text, `  source = "git::${REPOSITORY}//infra/modules/roles?ref=v1.2.3"\n`);
});

Deno.test("withSources() done twice is done once, whatever the origins", () => {
  const origin = fc.oneof(
    fc.constant({ kind: "local" as const }),
    fc.record({ kind: fc.constant("tag" as const), tag: fc.stringMatching(/^v[0-9]\.[0-9]$/) }),
  );
  fc.assert(fc.property(origin, origin, (first, last) => {
    assert.equal(
      withSources(withSources(TEXT, first), last),
      withSources(withSources(withSources(TEXT, first), last), last),
    );
    assert.equal(sourcesOf(withSources(TEXT, last)).length, 2);
  }));
});
