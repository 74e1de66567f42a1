/**
 * What the jobs of a pipeline run on and in.
 *
 * @module
 */
import type { Value } from "./expression.ts";

/** The machines of a job. */
export interface Instances {
  /** `ml.m5.large` */
  readonly type: Value<string>;
  /** How many. */
  readonly count: Value<number>;
  /** Size of each one's volume, GB. */
  readonly volumeGb: Value<number>;
  /** Key of the volumes. */
  readonly kmsKey?: Value<string>;
}

/** Where a job's machines stand. */
export interface Vpc {
  /** Ids of subnets, at most 16. */
  readonly subnets: Value<readonly string[]> | readonly Value<string>[];
  /** Ids of security groups, at most 5. */
  readonly securityGroups: Value<readonly string[]> | readonly Value<string>[];
}

/** Environment variables of a job. Never a secret: whoever may describe a pipeline reads them. */
export type Environment = Readonly<Record<string, Value<string>>>;

/** Key and value of AWS's tags. */
export type Tags = Readonly<Record<string, Value<string>>>;

/** `ResourceConfig` and `ClusterConfig`. */
export function instancesJson(instances: Instances): Readonly<Record<string, unknown>> {
  return {
    InstanceType: instances.type,
    InstanceCount: instances.count,
    VolumeSizeInGB: instances.volumeGb,
    VolumeKmsKeyId: instances.kmsKey,
  };
}

/** `VpcConfig`. */
export function vpcJson(vpc: Vpc | undefined): Readonly<Record<string, unknown>> | undefined {
  return vpc && { SecurityGroupIds: vpc.securityGroups, Subnets: vpc.subnets };
}

/** `Tags`. */
export function tagsJson(tags: Tags | undefined): readonly unknown[] | undefined {
  return tags && Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
