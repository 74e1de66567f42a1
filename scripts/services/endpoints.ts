/**
 * The services there are, where they answer, and what is written down about them.
 *
 * @module
 */
import { z } from "zod";

/** Names of the services. */
export const SERVICES = ["kafka", "mlflow", "s3"] as const;

/** Name of one service. */
export type Service = typeof SERVICES[number];

const kafka = z.object({
  /** `host:port` without authentication: the superuser. */
  bootstrapServers: z.string(),
  saslBootstrapServers: z.string(),
  saslSslBootstrapServers: z.string(),
  sslBootstrapServers: z.string(),
  /** The broker's certificate, to be trusted by TLS clients. */
  caFile: z.string(),
  /** Who can sign in (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512); `scorer` may do nothing without ACLs. */
  users: z.object({ admin: z.string(), scorer: z.string() }),
  /** Folder of Kafka's jars, for its console tools. */
  jars: z.string(),
});
const mlflow = z.object({ url: z.string() });
const s3 = z.object({
  /** Also answers SageMaker's and other AWS APIs. */
  endpoint: z.string(),
});

const endpoints = z.object({
  kafka: kafka.optional(),
  mlflow: mlflow.optional(),
  s3: s3.optional(),
});

/** Where the services answer. */
export type Endpoints = z.infer<typeof endpoints>;

const process = z.object({
  /** Leader of the process group. */
  pid: z.number().int().positive(),
  log: z.string(),
});

/** A process that was started and has to be stopped. */
export type ServiceProcess = z.infer<typeof process>;

/** The schema of `state.json`. */
export const stateSchema = z.object({
  mode: z.enum(["native", "docker"]),
  endpoints,
  /** Native mode only; written before a process is ready, so that nothing is ever lost. */
  processes: z.object({
    kafka: process.optional(),
    mlflow: process.optional(),
    s3: process.optional(),
  }),
});

/** What `state.json` holds. */
export type State = z.infer<typeof stateSchema>;
