import { BACKENDS } from "./mlflow/backends.ts";
import { testContract } from "./mlflow/contract.ts";
import "./mlflow/access.ts";
import "./mlflow/certificates.ts";
import "./mlflow/downloads.ts";
import "./mlflow/faults.ts";
import "./mlflow/files.ts";
import "./mlflow/loading.ts";
import "./mlflow/outages.ts";

for (const backend of BACKENDS) testContract(backend);
