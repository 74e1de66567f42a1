/**
 * Which partition a key belongs to, as Java's producer decides it.
 *
 * @see https://github.com/apache/kafka/blob/4.3.1/clients/src/main/java/org/apache/kafka/common/utils/Utils.java `murmur2`
 *
 * @module
 */

/** The partition of the key `bytes[start, end)`, as Java's `BuiltInPartitioner.partitionForKey` has it. */
export function partitionOf(
  bytes: Uint8Array,
  start: number,
  end: number,
  partitions: number,
): number {
  return (murmur2(bytes, start, end) & 0x7fffffff) % partitions;
}

/** MurmurHash2 of `bytes[start, end)` with Kafka's seed, as a signed 32-bit integer. */
export function murmur2(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const length = end - start;
  let hash = 0x9747b28c ^ length;
  const whole = start + (length & ~3);
  for (let at = start; at < whole; at += 4) {
    let k = byte(bytes, at) | byte(bytes, at + 1) << 8 | byte(bytes, at + 2) << 16 |
      byte(bytes, at + 3) << 24;
    k = Math.imul(k, M);
    k ^= k >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(k, M);
  }
  const rest = end - whole;
  if (rest === 3) hash ^= byte(bytes, whole + 2) << 16;
  if (rest >= 2) hash ^= byte(bytes, whole + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ byte(bytes, whole), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ hash >>> 15;
}

const M = 0x5bd1e995;

/** The indices are in bounds by construction; the type checker cannot know. */
function byte(array: Uint8Array, index: number): number {
  return array[index] as number;
}
