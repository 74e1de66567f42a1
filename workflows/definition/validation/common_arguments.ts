/**
 * Parts that the arguments of several kinds of job have in common. Bounds are those of SageMaker's API
 * reference.
 *
 * @module
 */
import { isObject } from "./json.ts";
import { all, boolean, type Check, integer, list, map, object, settled, text } from "./shapes.ts";

/** `s3://bucket/prefix` */
export const s3Uri: Check = text({
  max: 1024,
  pattern: /^(https|s3):\/\/[^/]+(\/.*)?$/,
  what: "an address like s3://BUCKET/PREFIX",
});

/** ARN of a role. */
export const roleArn: Check = text({
  min: 20,
  max: 2048,
  pattern: /^arn:aws[a-z-]*:iam::\d{12}:role\/?[\w+=,.@\-/]+$/,
  what: "the ARN of a role, like arn:aws:iam::123456789012:role/NAME",
});

/** ARN, id or alias of a key. */
export const kmsKey: Check = text({
  max: 2048,
  pattern: /^[\w:/-]*$/,
  what: "the ARN, id or alias of a key",
});

/** URI of an image. */
export const imageUri: Check = text({
  max: 255,
  pattern: /^\S+$/,
  what: "the URI of an image, without spaces",
});

/** `ml.m5.large` */
export const instanceType: Check = text({
  pattern: /^ml\.[a-z0-9-]+\.[a-z0-9]+$/,
  what: "a type like ml.m5.large",
});

/** Words of a command line: at most 100 of at most 256 characters. */
export const words: Check = list(text({ max: 256 }), { min: 1, max: 100 });

/** Environment variables of at most so many characters. */
export function environment(max: number): Check {
  return map(
    {
      max: 512,
      pattern: /^[a-zA-Z_]\w*$/,
      what: "letters, digits and _, not beginning with a digit",
    },
    text({ min: 0, max }),
    { max: 100 },
  );
}

/** Subnets and security groups. */
export const vpcConfig: Check = object({
  "SecurityGroupIds!": list(id("sg"), { min: 1, max: 5 }),
  "Subnets!": list(id("subnet"), { min: 1, max: 16 }),
});

/** Keys and values. */
export const tags: Check = list(
  object({
    "Key!": text({ max: 128, pattern: /^(?!aws:)/, what: "no key that begins with aws:" }),
    "Value!": text({ min: 0, max: 256 }),
  }),
  { max: 50 },
);

/** Machines; how many of them at least and at most. */
export function cluster(most: number): Check {
  return all(
    object({
      "InstanceType!": instanceType,
      "InstanceCount!": integer({ min: 1, max: most }),
      "VolumeSizeInGB!": integer({ min: 1, max: 16_384 }),
      VolumeKmsKeyId: kmsKey,
      KeepAlivePeriodInSeconds: integer({ min: 0, max: 3600 }),
    }),
    noKeyForLocalDisks,
  );
}

/** A name of SageMaker's. */
export function name(max: number): Check {
  return text({
    max,
    pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/,
    what: "letters, digits and single '-' between them",
  });
}

/** `true` and `false` of network settings. */
export const switches: Check = boolean();

function id(kind: string): Check {
  return text({
    max: 32,
    pattern: /^[-0-9a-zA-Z]+$/,
    what: `an id like ${kind}-0123456789abcdef0`,
  });
}

/** Types with disks of their own encrypt those themselves, and take no key for a volume. */
const noKeyForLocalDisks: Check = (found, at, scope) => {
  if (!isObject(found) || found["VolumeKmsKeyId"] === undefined) return;
  const type = settled(found["InstanceType"], scope);
  if (typeof type !== "string" || !LOCAL_DISKS.test(type)) return;
  scope.report(
    `${at}.VolumeKmsKeyId`,
    `${type} has disks of its own, which SageMaker encrypts without a key of yours; leave it out`,
  );
};

const LOCAL_DISKS = /^ml\.(?:[a-z]+\d+[a-z]*d[a-z]*|g5|g6|g6e|p5|p5e|p5en|trn1|trn1n)\./;
