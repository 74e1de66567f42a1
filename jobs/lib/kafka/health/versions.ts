/**
 * Whether a broker speaks what the producer speaks.
 *
 * @module
 */
import type { ApiVersions } from "../protocol/cluster_requests.ts";
import type { Finding } from "./checklist.ts";

/** Requests of a run, and the versions in which they are sent. */
const NEEDED: readonly (readonly [name: string, key: number, version: number])[] = [
  ["Produce", 0, 9],
  ["Metadata", 3, 9],
  ["OffsetFetch", 9, 7],
  ["FindCoordinator", 10, 3],
  ["InitProducerId", 22, 4],
  ["AddPartitionsToTxn", 24, 3],
  ["AddOffsetsToTxn", 25, 3],
  ["EndTxn", 26, 3],
  ["TxnOffsetCommit", 28, 3],
  ["DescribeConfigs", 32, 4],
  ["DescribeCluster", 60, 0],
];

/** Judges the versions that a broker has told. */
export function judgeVersions(versions: ApiVersions): Finding {
  const lacking = NEEDED.filter(([, key, version]) => {
    const range = versions[key];
    return range === undefined || range.minVersion > version || range.maxVersion < version;
  });
  const release = releaseOf(versions);
  const details = {
    kafka: release,
    versions: Object.fromEntries(NEEDED.map(([name, key]) => {
      const range = versions[key];
      return [name, range === undefined ? null : [range.minVersion, range.maxVersion]];
    })),
  };
  if (lacking.length === 0) return { verdict: "ok", found: release, details };
  return {
    verdict: "fail",
    found: `the broker does not speak ${
      lacking.map(([name, , version]) => `${name} ${version}`).join(", ")
    } (it is ${release})`,
    remedy: "Use brokers of Kafka 2.8 or newer",
    details,
  };
}

/** Brokers do not tell their release; the versions of Produce betray it. */
function releaseOf(versions: ApiVersions): string {
  const produce = versions[0]?.maxVersion ?? 0;
  const [, release] = RELEASES.find(([version]) => produce >= version) ?? [];
  return release === undefined ? "older than Kafka 2.8" : `Kafka ${release}`;
}

const RELEASES: readonly (readonly [number, string])[] = [
  [13, "4.1 or newer"],
  [12, "4.0"],
  [11, "3.8 or 3.9"],
  [10, "3.7"],
  [9, "2.8 to 3.6"],
];
