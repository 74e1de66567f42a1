/**
 * The tools that build and run images without a daemon, for the tests of the images.
 *
 * @module
 */
import { answers, run } from "../services/mod.ts";

/** Debian's packages, and the programs in them. */
const PACKAGES = ["buildah", "podman", "runc", "skopeo", "docker-registry"];

/**
 * Sees to it that the tools are there. Installs them where that is this machine's own way and allowed:
 * as root on Debian, as in CI's containers.
 *
 * @returns why there are none; undefined if they are there
 */
export async function containerTools(say: (line: string) => void): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) {
    return "images are built and run as root on Linux here, without a daemon";
  }
  const missing: string[] = [];
  for (const name of PACKAGES) if (!await answers(name, "--version")) missing.push(name);
  if (missing.length === 0) return undefined;
  if (!await answers("apt-get", "--version")) {
    return `${missing.join(", ")} are missing, and this is not Debian`;
  }
  say(`installing ${missing.join(", ")}`);
  const apt = (...args: string[]) =>
    run(
      { command: "apt-get", args: ["-qq", ...args], env: { DEBIAN_FRONTEND: "noninteractive" } },
      `install ${missing.join(", ")}`,
    );
  try {
    await apt("update");
    await apt("install", "-y", "--no-install-recommends", ...missing);
  } catch (error) {
    return `${missing.join(", ")} cannot be installed: ${String(error)}`;
  }
  return undefined;
}
