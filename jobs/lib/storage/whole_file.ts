/**
 * Reads a file into memory of its size. `Deno.readFile` lets the memory grow as it reads, which takes
 * more than twice the CPU for a model of hundreds of megabytes.
 *
 * @throws {Error} What `Deno.open` throws.
 */
export async function readWholeFile(path: string): Promise<Uint8Array<ArrayBuffer>> {
  using file = await Deno.open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  let at = 0;
  while (at < bytes.length) {
    const count = await file.read(bytes.subarray(at));
    if (count === null) return bytes.subarray(0, at);
    at += count;
  }
  return bytes;
}
