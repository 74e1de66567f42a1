/**
 * Which partition a key belongs to, as Java's producer decides it.
 *
 * @see https://github.com/apache/kafka/blob/4.3.1/clients/src/main/java/org/apache/kafka/common/utils/Utils.java `murmur2`
 *
 * @module
 */

/** The partition of a key among so many, as Java's `BuiltInPartitioner.partitionForKey` has it. */
export function partitionOf(key: Uint8Array, length: number, partitions: number): number {
  return (murmur2(key, length) & 0x7fffffff) % partitions;
}

/** MurmurHash2 of `key[0, length)` with Kafka's seed, as a signed 32-bit integer. */
export function murmur2(key: Uint8Array, length: number = key.length): number {
  let hash = 0x9747b28c ^ length;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let k = byte(key, at) | byte(key, at + 1) << 8 | byte(key, at + 2) << 16 |
      byte(key, at + 3) << 24;
    k = Math.imul(k, M);
    k ^= k >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const rest = length - whole;
  if (rest === 3) hash ^= byte(key, whole + 2) << 16;
  if (rest >= 2) hash ^= byte(key, whole + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ byte(key, whole), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ hash >>> 15;
}

const M = 0x5bd1e995;

/** The indices are in bounds by construction; the type checker cannot know. */
function byte(array: Uint8Array, index: number): number {
  return array[index] as number;
}
