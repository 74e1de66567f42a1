/**
 * Python's MLflow, kept running: its imports take seconds.
 *
 * @module
 */

/** One Python environment with its MLflow. */
export interface Oracle {
  /** Calls a function of `oracle.py`. */
  ask(name: string, ...args: readonly string[]): Promise<unknown>;
}

const SCRIPT = new URL("oracle.py", import.meta.url).pathname;

/** Starts it; it ends with us, since its input does. */
export function startOracle(interpreter: string, env: Readonly<Record<string, string>>): Oracle {
  const child = new Deno.Command(interpreter, {
    args: [SCRIPT],
    env: {
      MLFLOW_DISABLE_TELEMETRY: "true",
      MLFLOW_ALLOW_FILE_STORE: "true",
      PYTHONDONTWRITEBYTECODE: "1",
      PYTHONWARNINGS: "ignore",
      ...env,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  child.unref();
  const writer = child.stdin.getWriter();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(byLine()).getReader();
  let last: Promise<unknown> = Promise.resolve();
  const call = async (name: string, args: readonly string[]): Promise<unknown> => {
    child.ref();
    try {
      return await answerOf(name, args);
    } finally {
      child.unref();
    }
  };
  const answerOf = async (name: string, args: readonly string[]): Promise<unknown> => {
    await writer.write(new TextEncoder().encode(JSON.stringify([name, ...args]) + "\n"));
    const { value, done } = await lines.read();
    if (done) throw new Error(`${interpreter} ended in ${name}`);
    const answer = JSON.parse(value);
    if (typeof answer.raised === "string") throw new Error(`${name} raised:\n${answer.raised}`);
    return answer.result;
  };
  return {
    ask: (name, ...args) => {
      const answer = last.then(() => call(name, args));
      last = answer.catch(() => {});
      return answer;
    },
  };
}

function byLine(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, controller) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) controller.enqueue(line);
    },
  });
}
