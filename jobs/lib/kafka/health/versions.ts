/**
 * Whether a broker speaks what the producer speaks.
 *
 * @module
 */
import type { Api } from "../protocol/api.ts";
import { type ApiVersions, CLUSTER_APIS } from "../protocol/cluster_requests.ts";
import { TRANSACTION_APIS } from "../protocol/transaction_requests.ts";
import type { Finding } from "./checklist.ts";
import { DESCRIBE_CLUSTER } from "./requests.ts";

/** Requests of a run, and the one of this check, in the versions in which they are sent. */
const NEEDED: readonly Api[] = [...TRANSACTION_APIS, ...CLUSTER_APIS, DESCRIBE_CLUSTER];

/** Judges the versions that a broker has told. */
export function judgeVersions(versions: ApiVersions): Finding {
  const lacking = NEEDED.filter(({ key, version }) => {
    const range = versions[key];
    return range === undefined || range.minVersion > version || range.maxVersion < version;
  });
  const release = releaseOf(versions);
  const details = {
    kafka: release,
    versions: Object.fromEntries(NEEDED.map(({ name, key }) => {
      const range = versions[key];
      return [name, range === undefined ? null : [range.minVersion, range.maxVersion]];
    })),
  };
  if (lacking.length === 0) return { verdict: "ok", found: release, details };
  return {
    verdict: "fail",
    found: `the broker does not speak ${
      lacking.map(({ name, version }) => `${name} ${version}`).join(", ")
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
