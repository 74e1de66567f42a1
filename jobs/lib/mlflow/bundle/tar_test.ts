import assert from "node:assert/strict";
// @ts-types="npm:@types/tar-stream@3.1.4"
import { type Headers, pack } from "tar-stream";
import { DataError } from "../../errors.ts";
import { untar } from "./tar.ts";

type Entry = [Headers, string?];

async function tarGz(...entries: Entry[]): Promise<Uint8Array<ArrayBuffer>> {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? "");
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return await gzip(new Blob(chunks.map((chunk) => new Uint8Array(chunk))));
}

async function gzip(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await new Response(blob.stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
}

function unpack(bytes: Uint8Array<ArrayBuffer>, limits?: { files: number; bytes: number }) {
  return untar(new Blob([bytes]).stream(), "m.tar.gz", limits);
}

async function refuses(
  code: string,
  bytes: Uint8Array<ArrayBuffer>,
  limits?: { files: number; bytes: number },
) {
  await assert.rejects(
    unpack(bytes, limits),
    (error: unknown) => {
      assert.ok(error instanceof DataError, String(error));
      assert.equal(error.code, code, error.message);
      return error.message.includes("m.tar.gz");
    },
  );
}

Deno.test("untar() gives the files of an archive, with paths that are long or not ASCII", async () => {
  const long = `${"folder/".repeat(30)}${"é".repeat(60)}.txt`;
  const files = await unpack(
    await tarGz(
      [{ name: "./", type: "directory" }],
      [{ name: "./model.onnx" }, "onnx"],
      [{ name: "code/", type: "directory" }],
      [{ name: "code/empty.py" }],
      [{ name: long }, "x".repeat(100_000)],
    ),
  );
  assert.deepEqual(
    files.map(({ path, bytes }) => [path, bytes.length]),
    [["model.onnx", 4], ["code/empty.py", 0], [long, 100_000]],
  );
});

Deno.test("untar() refuses what leads out of the archive", async () => {
  const evil: Entry[] = [
    [{ name: "link", type: "symlink", linkname: "/etc/passwd" }],
    [{ name: "link", type: "link", linkname: "model.onnx" }],
    [{ name: "fifo", type: "fifo" }],
    [{ name: "null", type: "character-device" }],
    [{ name: "../model.onnx" }, "x"],
    [{ name: "a/../../model.onnx" }, "x"],
    [{ name: "/etc/model.onnx" }, "x"],
    [{ name: "..", type: "directory" }],
    [{ name: "a\\..\\b" }, "x"],
    [{ name: "C:model.onnx" }, "x"],
  ];
  for (const entry of evil) {
    await refuses("model.archive-unsafe", await tarGz([{ name: "model.onnx" }, "x"], entry));
  }
  const twice: Entry = [{ name: "model.onnx" }, "x"];
  await refuses("model.archive-unsafe", await tarGz(twice, twice));
});

Deno.test("untar() stops at the limits, also inside a bomb of one entry", async () => {
  const small = { files: 3, bytes: 10_000 };
  const many = await tarGz(...Array.from({ length: 4 }, (_, i): Entry => [{ name: `f${i}` }, "x"]));
  await refuses("model.archive-unsafe", many, small);
  await refuses("model.archive-unsafe", await tarGz([{ name: "f" }, "x".repeat(10_001)]), small);
  const zeros = new Blob([new Uint8Array(50_000_000)]);
  await refuses("model.archive-unsafe", await gzip(zeros), small);
});

Deno.test("untar() says so where there is no complete archive", async () => {
  const whole = await tarGz([{ name: "model.onnx" }, "x".repeat(100_000)]);
  await refuses("model.not-a-bundle", whole.slice(0, whole.length / 2));
  await refuses("model.not-a-bundle", new TextEncoder().encode("not gzip"));
  await refuses("model.not-a-bundle", await gzip(new Blob(["not a tar".repeat(200)])));
  await refuses("model.not-a-bundle", new Uint8Array());
});
