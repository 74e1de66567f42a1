import { openStore } from "../jobs/lib/mlflow/mod.ts";
import { provided } from "./job/task.ts";
import { testContract } from "./mlflow/contract.ts";
import "./mlflow/faults.ts";
import "./mlflow/files.ts";

const folder = await Deno.makeTempDir({ prefix: "mlruns with spaces " });
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

testContract({
  name: "file store",
  uri: () => folder,
  open: () => openStore({ trackingUri: folder }),
});

testContract({
  name: "server",
  uri: () => provided("ML_TEST_MLFLOW_URL"),
  open: () => openStore({ trackingUri: provided("ML_TEST_MLFLOW_URL") }),
});
