import assert from "node:assert/strict";
import fc from "fast-check";
import { readTfvars, replaceTfvars } from "./tfvars.ts";

const FILE = "terraform.tfvars";
const set = (text: string, values: Record<string, string>) => replaceTfvars(text, values, FILE);

Deno.test("replaceTfvars() finds the value in odd files, and touches nothing else", () => {
  const odd: [string, string][] = [
    ['image = "old"', 'image = "new"'],
    ['\u{feff}image="old"\r\nother = 1\r\n', '\u{feff}image="new"\r\nother = 1\r\n'],
    ['# image = "no"\n// image = "no"\n/* image = "no"\n*/ image   =\t"old" # why', ""],
    ['list = [\n  "a",\n]\nmap = {\n  image = "no"\n}\nimage = "old"\n', ""],
    ['text = <<EOT\nimage = "no"\nEOT\nimage = "old"\n', ""],
    ['text = <<-EOT\n  image = "no"\n  EOT\nimage = "old"\n', ""],
    ['text = "a # \\" image = \\"no\\""\nimage = "old"', ""],
    ['text = "${var["image"]} {"\nimage = "old"', ""],
    ['my_image = "no"\nimage-x = "no"\nimage = "old"', ""],
    ['image = ""\n', 'image = "new"\n'],
  ];
  for (const [before, after] of odd) {
    assert.equal(set(before, { image: "new" }), after || before.replace('"old"', '"new"'));
  }
});

Deno.test("replaceTfvars() refuses what is missing, twice there, or no text", () => {
  for (const text of ["", "image = 3", 'image = ["a"]', '# image = "a"', 'm = { image = "a" }']) {
    assert.throws(() => set(text, { image: "new" }), { code: "tfvars.missing" }, text);
  }
  assert.throws(() => set('image = "a"\nimage = "b"', { image: "c" }), {
    code: "tfvars.duplicate",
  });
});

Deno.test("replaceTfvars(): what is written is read, and what was there comes back", () => {
  const line = fc.oneof(
    fc.constantFrom("", "# note", "a = 1", 'b = { image = "x" }', "c = <<E\nimage = 1\nE", "  "),
    fc.stringMatching(/^[d-h]{1,5} = "[ -!#-\[\]-z|]{0,9}"$/),
  );
  fc.assert(fc.property(
    fc.array(line, { maxLength: 6 }),
    fc.array(line, { maxLength: 6 }),
    fc.constantFrom("\n", "\r\n"),
    (before, after, end) => {
      const names = [...before, ...after].map((each) => /^([d-h]+) =/.exec(each)?.[1]);
      fc.pre(new Set(names.filter(Boolean)).size === names.filter(Boolean).length);
      const text = [...before, 'image = "old" # kept', ...after].join(end);
      const changed = set(text, { image: "repo@sha256:00" });
      assert.equal(readTfvars(changed, FILE).get("image"), "repo@sha256:00");
      assert.equal(set(changed, { image: "old" }), text);
    },
  ));
});
