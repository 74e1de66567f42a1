/**
 * Python environments with pinned packages, made once and kept.
 *
 * @module
 */
import { DependencyError } from "../../jobs/lib/errors.ts";
import { cached, ROOT, shortHash } from "./folders.ts";
import { answers, run } from "./processes.ts";

/** Environments there are: the files `tests/python/<name>.txt`. */
export type PythonEnvironment =
  | "oracle"
  | "pandas2"
  | "mlflow2"
  | "mlflow3"
  | "mlflow2_ui"
  | "mlflow3_ui"
  | "moto"
  | "awscli"
  | "kafka"
  | "bench"
  | "data_peers"
  | "pandera_peers"
  | "exporters"
  | "images"
  | "workflows"
  | "writers"
  | "terraform"
  | "images_peer";

const UV = "0.13.9";
/** What the pins were resolved for, and wheels exist for. */
const PYTHONS = ">=3.11,<3.14";

/**
 * Path of the interpreter of an environment, installed first if need be.
 *
 * @param say Told of what takes long.
 * @throws {DependencyError} `services.no-python`, `services.command-failed`
 */
export async function pythonEnvironment(
  name: PythonEnvironment,
  say: (line: string) => void = () => {},
): Promise<string> {
  const requirements = `${ROOT}/tests/python/${name}.txt`;
  const hash = await shortHash(UV + PYTHONS + await Deno.readTextFile(requirements));
  const folder = await cached(`python-${name}-${hash}`, async (folder) => {
    const uv = await installUv(say);
    say(`downloading the Python packages of tests/python/${name}.txt`);
    const quiet = ["--quiet", "--no-config"];
    await run(
      { command: uv, args: ["venv", ...quiet, "--allow-existing", "--python", PYTHONS, folder] },
      `make the Python environment ${name}`,
    );
    await run(
      {
        command: uv,
        args: ["pip", "install", ...quiet, "--python", `${folder}/bin/python`, "-r", requirements],
      },
      `install the Python packages of ${name}`,
    );
  });
  return `${folder}/bin/python`;
}

/** uv resolves and links in seconds what pip takes minutes for, and finds or fetches a Python. */
async function installUv(say: (line: string) => void): Promise<string> {
  const folder = await cached(`uv-${UV}`, async (folder) => {
    if (!await answers("python3", "-c", "import ensurepip, venv")) throw noPython();
    say(`downloading uv ${UV}`);
    await run({ command: "python3", args: ["-m", "venv", folder] }, "make a Python environment");
    await run(
      {
        command: `${folder}/bin/python`,
        args: ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `uv==${UV}`],
      },
      "install uv",
    );
  });
  return `${folder}/bin/uv`;
}

function noPython(): DependencyError {
  return new DependencyError({
    code: "services.no-python",
    cannot: "make a Python environment",
    found: "no python3 with the venv module",
    todo: "Install it: apt-get install -y python3-venv (macOS: brew install python@3.12)",
  });
}
