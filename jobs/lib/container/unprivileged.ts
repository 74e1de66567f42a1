import { constants } from "node:os";
import { messageOf, PlatformError, UsageError } from "../errors.ts";
import { createLog, type Log } from "../log.ts";
import { handOver } from "./hand_over.ts";
import { findExitMessage, writeExitMessage } from "./message.ts";
import { type Identity, identityFor } from "./run_as.ts";
import { requestStop } from "./signals.ts";

/** Tells a process that its standard input is the control pipe of the root that started it. */
const SUPERVISED = "ML_SUPERVISED";

/**
 * Runs a job's program, never as root unless told to.
 *
 * SageMaker starts containers as root and gives the job folders that are root's. So a binary that
 * finds itself root, with `ML_RUN_AS=UID:GID` set as in the images, prepares those folders, starts
 * itself again as that user, and does nothing from then on but pass on signals and the exit code.
 * Starting anew is the way because there is no other: Deno cannot change its own user, and a process
 * that did would keep what root had opened. The kernel takes all capabilities from the new process, and
 * `setgroups` all groups.
 *
 * @param main the program, in this process
 * @returns the exit code
 */
export async function runUnprivileged(main: () => Promise<number>): Promise<number> {
  if (Deno.env.get(SUPERVISED)) {
    void stopWithPipe();
    Deno.umask(0o022);
    return await main();
  }
  const log = createLog({ format: Deno.stderr.isTerminal() ? "text" : "json" });
  try {
    const identity = identityFor(Deno.env.get("ML_RUN_AS") || undefined, Deno.uid() ?? 0);
    return identity === undefined ? await main() : await supervise(identity, log);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    log.error(error.message, { code: error.code, ...error.place });
    await leaveMessage(error.message);
    return error.exitCode;
  }
}

/** The pipe ends when whoever holds its other end does: a job never outlives its supervisor. */
async function stopWithPipe(): Promise<void> {
  const buffer = new Uint8Array(16);
  while (await Deno.stdin.read(buffer).catch(() => null) !== null);
  requestStop("SIGTERM");
}

async function supervise(identity: Identity, log: Log): Promise<number> {
  await handOver(identity, Deno.env.get("ML_ROOT") || undefined);
  const child = start(identity);
  const pass = (signal: "SIGTERM" | "SIGINT") => () => {
    try {
      child.kill(signal);
    } catch {
      // Without the capability KILL the end of the pipe says the same.
      child.stdin.close().catch(() => {});
    }
  };
  Deno.addSignalListener("SIGTERM", pass("SIGTERM"));
  Deno.addSignalListener("SIGINT", pass("SIGINT"));
  const { code, signal } = await child.status;
  if (signal === null) return code;
  const found = `Cannot finish: the job was ended by ${signal}. ` +
    "If nobody did that, it was most likely out of memory: take a larger instance.";
  log.error(found, { code: "container.killed" });
  await leaveMessage(found);
  return 128 + constants.signals[signal as keyof typeof constants.signals];
}

function start({ uid, gid }: Identity): Deno.ChildProcess {
  const self = Deno.execPath();
  try {
    return new Deno.Command(self, {
      args: Deno.args,
      env: { [SUPERVISED]: "1" },
      uid,
      gid,
      // A terminal's Ctrl-C reaches the job once, from here.
      detached: true,
      stdin: "piped",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
  } catch (error) {
    throw new UsageError({
      code: "container.cannot-drop",
      cannot: `go on as ${uid}:${gid} instead of root`,
      found: error instanceof Deno.errors.NotCapable
        ? `this binary is ${self}, and may start itself in its image only`
        : messageOf(error),
      todo: "Grant the capabilities SETUID and SETGID, start with --user, or set ML_RUN_AS=root",
      place: { option: "ML_RUN_AS" },
      cause: error,
    });
  }
}

/** Where SageMaker looks for the reason, if this is one of its containers. */
async function leaveMessage(text: string): Promise<void> {
  const mlRoot = Deno.env.get("ML_ROOT") || undefined;
  for (const contract of ["training", "processing"] as const) {
    const path = await findExitMessage(contract, mlRoot).catch(() => undefined);
    if (path !== undefined) await writeExitMessage(path, text);
  }
}
