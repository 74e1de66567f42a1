/**
 * What brokers say that we may do with something.
 *
 * @see https://kafka.apache.org/documentation/#operations_in_kafka
 *
 * @module
 */

/** Name of an operation as Kafka's tools spell it. */
export type Operation = "Read" | "Write" | "Describe" | "DescribeConfigs";

/** Numbers of operations, which are also the bits in which brokers list those that are allowed. */
const BITS: Readonly<Record<Operation, number>> = {
  Read: 3,
  Write: 4,
  Describe: 8,
  DescribeConfigs: 10,
};

/** True if the bits allow the operation; a broker that lists none has not been asked. */
export function allows(bits: number, operation: Operation): boolean {
  return (bits & 1 << BITS[operation]) !== 0;
}

/** True if the broker has listed anything. Int32's smallest number stands for "not told". */
export function isTold(bits: number): boolean {
  return bits !== -(2 ** 31);
}
