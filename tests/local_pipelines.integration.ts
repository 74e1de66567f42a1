/**
 * Pipelines executed on this machine: ours with the embedded defaults and with a real Kafka and MLflow,
 * AWS's goldens with programs in the place of their images.
 */

import "./local_pipelines/flights.ts";
import "./local_pipelines/servers.ts";
import "./local_pipelines/goldens.ts";
import "./local_pipelines/stopping.ts";
