/**
 * A Python with confluent-kafka.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const VERSION = "2.16.1";

/** Path of its interpreter; installed the first time. */
export async function confluentPython(say: (line: string) => void): Promise<string> {
  const root = fileURLToPath(new URL("../../.services/cache/", import.meta.url));
  const folder = `${root}confluent-kafka-${VERSION}`;
  const python = `${folder}/bin/python`;
  if (!await runs(python, "-c", "import confluent_kafka")) {
    say(`installing confluent-kafka ${VERSION}`);
    await Deno.mkdir(root, { recursive: true });
    const done = await runs("python3", "-m", "venv", folder) &&
      await runs(python, "-m", "pip", "install", "--quiet", `confluent-kafka==${VERSION}`);
    if (!done) throw new Error(`cannot install confluent-kafka into ${folder}`);
  }
  return python;
}

async function runs(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
