/**
 * Publishes a run to Kafka in a process of its own, for the test to kill.
 *
 * usage: publish_kafka.ts BOOTSTRAP-SERVERS TOPIC RUN
 */
import { kafkaSink } from "../../jobs/lib/kafka/mod.ts";
import { silentLog } from "../../jobs/lib/log.ts";
import { publishRun } from "./workload.ts";

const [bootstrapServers = "", topic = "", run = ""] = Deno.args;
await publishRun(kafkaSink({ connection: { bootstrapServers }, topic, log: silentLog }), run);
Deno.exit(0);
