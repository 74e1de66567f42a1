/** Ways to miss a cluster. */
import type { KafkaConnection, KafkaStep } from "../../jobs/lib/kafka/mod.ts";
import { provided } from "../job/task.ts";
import { KAFKA } from "../publishing/kafka_tools.ts";
import { unusedPort } from "./servers.ts";

/** What it is, what is given, the step that fails, and what it finds and advises. */
export type Miss = readonly [
  about: string,
  connection: KafkaConnection,
  step: KafkaStep["name"],
  found: RegExp,
  remedy: RegExp,
];

/** All of them; the ports are those of a server that says nothing, and of one that never accepts. */
export function misses({ silent, hole }: { silent: number; hole: number }): Miss[] {
  const plain = { bootstrapServers: KAFKA.bootstrapServers };
  const ssl = provided("ML_TEST_KAFKA_SSL");
  const admin = (password: string) => (
    { mechanism: "SCRAM-SHA-512" as const, username: "admin", password }
  );
  return [
    [
      "an unknown name",
      { bootstrapServers: "no-such-host.invalid:9092" },
      "dns",
      /no-such-host/,
      /DNS/,
    ],
    [
      "nobody there",
      { bootstrapServers: `127.0.0.1:${unusedPort()}` },
      "tcp",
      /refused/i,
      /runs/,
    ],
    [
      "a port that swallows all",
      { bootstrapServers: `127.0.0.1:${hole}` },
      "tcp",
      /no answer within 5 s/,
      /firewalls/,
    ],
    [
      "TLS where there is none",
      { ...plain, securityProtocol: "SSL" },
      "tls",
      /hung up during the handshake/,
      /PLAINTEXT/,
    ],
    [
      "an unknown authority",
      { bootstrapServers: ssl, securityProtocol: "SSL" },
      "tls",
      /authority is unknown/,
      /--kafka-ca-file/,
    ],
    [
      "no TLS where there is some",
      { bootstrapServers: `127.0.0.1:${ssl.split(":")[1]}` },
      "metadata",
      /closed/i,
      /speaks TLS/,
    ],
    [
      "no authentication where it is wanted",
      { bootstrapServers: KAFKA.sasl },
      "metadata",
      /closed/i,
      /SASL_PLAINTEXT/,
    ],
    [
      "authentication where it is not wanted",
      { ...plain, securityProtocol: "SASL_PLAINTEXT", sasl: admin("admin-secret") },
      "authentication",
      /SASL state/,
      /wants no authentication/,
    ],
    [
      "a wrong password",
      { bootstrapServers: KAFKA.sasl, securityProtocol: "SASL_PLAINTEXT", sasl: admin("wrong") },
      "authentication",
      /credentials|authentication failed/i,
      /KAFKA_SASL_PASSWORD/,
    ],
    [
      "a server that says nothing",
      { bootstrapServers: `127.0.0.1:${silent}` },
      "metadata",
      /timed out|no answer/,
      /--kafka-security-protocol/,
    ],
  ];
}
