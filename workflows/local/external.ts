/**
 * Steps that ask something outside of SageMaker: Callback (a queue) and Lambda (a function). Here a
 * program answers: it gets the message on stdin as JSON, and prints the outputs as a JSON object.
 *
 * @module
 */
import { z } from "zod";
import { messageOf } from "../../jobs/lib/errors.ts";
import { type Commands, requireCommand } from "./commands.ts";
import { StepFailure } from "./failures.ts";
import type { Properties } from "./step_world.ts";

const outputs = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * Asks the program that stands in for a queue or a function.
 *
 * @param name URL of the queue or ARN of the function
 * @param env all it gets of an environment
 * @returns its answers as the step's `OutputParameters`
 */
export async function ask(
  name: string,
  message: unknown,
  commands: Commands,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Properties> {
  const [program, ...args] = requireCommand(name, commands);
  const child = new Deno.Command(program, {
    args,
    env: { ...env },
    clearEnv: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal,
  }).spawn();
  const writer = child.stdin.getWriter();
  // A program that does not read its message has closed stdin.
  await writer.write(new TextEncoder().encode(JSON.stringify(message) + "\n")).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder().decode(stdout).trim();
  if (code !== 0) {
    const said = new TextDecoder().decode(stderr).trim() || text;
    throw new StepFailure(`${name} failed with exit code ${code}: ${said}`, { exitCode: code });
  }
  try {
    return { OutputParameters: outputs.parse(text === "" ? {} : JSON.parse(text)) };
  } catch (error) {
    throw new StepFailure(
      `${name} answered ${JSON.stringify(text)}, which is no JSON object of outputs (${
        messageOf(error)
      })`,
    );
  }
}
