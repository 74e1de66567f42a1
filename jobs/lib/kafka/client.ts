/**
 * A cluster as its users name it, and a client of it.
 *
 * @module
 */
import type { Kafka } from "kafkajs";

/** How clients and brokers talk. */
export type SecurityProtocol = "PLAINTEXT" | "SSL" | "SASL_PLAINTEXT" | "SASL_SSL";

/** How clients authenticate. `AWS_MSK_IAM` is OAUTHBEARER with a token signed by AWS credentials. */
export type SaslMechanism =
  | "PLAIN"
  | "SCRAM-SHA-256"
  | "SCRAM-SHA-512"
  | "OAUTHBEARER"
  | "AWS_MSK_IAM";

/** A cluster, and who we are there. */
export interface KafkaConnection {
  /** `host:port`, separated by commas. */
  readonly bootstrapServers: string;
  /** `PLAINTEXT` unless told. */
  readonly securityProtocol?: SecurityProtocol;
  /** Required by the SASL protocols. */
  readonly sasl?: {
    /** How. */
    readonly mechanism: SaslMechanism;
    /** Who; empty for mechanisms with a token. */
    readonly username: string;
    /** Never logged; empty for mechanisms with a token. */
    readonly password: string;
    /** A secret of AWS Secrets Manager with user name and password, instead of those. */
    readonly secretArn?: string;
    /** Makes the token of OAUTHBEARER, for each authentication anew. */
    readonly token?: () => Promise<string>;
  };
  /** PEM file of the authority that signed the brokers' certificates; the system's unless told. */
  readonly caFile?: string;
  /** Shown in the brokers' logs and quotas. */
  readonly clientId?: string;
}

/** A client. */
export interface KafkaClient {
  readonly kafka: Kafka;
  /** What it was made of. */
  readonly connection: KafkaConnection;
  /** Why a broker last refused something; kafkajs hides it from callers who ask for a coordinator. */
  readonly refusal: () => Error | undefined;
  /** Why the last connection failed; kafkajs tells it only once it has tried often enough. */
  readonly trouble: () => Error | undefined;
}
