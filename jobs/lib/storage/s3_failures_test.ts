import assert from "node:assert/strict";
import { DependencyError } from "../errors.ts";
import { explain } from "./s3_failures.ts";

const ATTEMPTED = {
  option: "--run-state",
  purpose: "keep the state of runs",
  bucket: "b",
  uri: "s3://b/p/run/manifest.json",
  action: "s3:PutObject",
} as const;

Deno.test("explain() names the action and the resource that a role lacks", () => {
  assert.match(
    messageOf("AccessDenied", 403, "s3:PutObject"),
    /s3:PutObject on arn:aws:s3:::b\/p\/run/,
  );
  assert.match(
    messageOf("AccessDenied", 403, "s3:ListBucket"),
    /s3:ListBucket on arn:aws:s3:::b\./,
  );
  // S3 answers so for an object that is not there, unless listing is allowed.
  assert.match(messageOf("AccessDenied", 403, "s3:GetObject"), /s3:ListBucket on arn:aws:s3:::b\./);
});

Deno.test("explain() tells keys that a role lacks from keys that nobody can lend", () => {
  const kms = failure("AccessDenied", 403);
  kms.message = "User is not authorized to perform: kms:Decrypt on the resource";
  const denied = explain(kms, { ...ATTEMPTED, action: "s3:GetObject" });
  assert.match(`${denied}`, /denied the key of s3:.* Allow the role kms:Decrypt on it/);
  const customer = failure("InvalidRequest", 400);
  customer.message = "The object was stored using a form of Server Side Encryption.";
  const refused = explain(customer, { ...ATTEMPTED, action: "s3:GetObject" });
  assert.ok(refused instanceof DependencyError);
  assert.equal(refused.code, "storage.customer-key");
  assert.match(refused.message, /SSE-C/);
});

Deno.test("explain() tells what may pass from what somebody has to mend", () => {
  const codes = {
    "storage.unreachable": [
      failure("TimeoutError"),
      failure("SlowDown", 503),
      failure("Error"),
      failure("TooManyRequests", 429),
    ],
    "storage.no-credentials": [failure("CredentialsProviderError")],
    "storage.credentials-refused": [
      failure("ExpiredToken", 400),
      failure("SignatureDoesNotMatch", 403),
    ],
    "storage.no-bucket": [failure("NoSuchBucket", 404)],
    "storage.refused": [failure("MethodNotAllowed", 405)],
  };
  for (const [code, errors] of Object.entries(codes)) {
    for (const error of errors) {
      const explained = explain(error, ATTEMPTED);
      assert.ok(explained instanceof DependencyError);
      assert.equal(explained.code, code, error.name);
    }
  }
});

Deno.test("explain() leaves a permission that the process lacks a bug", () => {
  const bug = new Deno.errors.NotCapable("Requires env access");
  assert.equal(explain(bug, ATTEMPTED), bug);
});

function messageOf(
  name: string,
  status: number,
  action: "s3:PutObject" | "s3:GetObject" | "s3:ListBucket",
): string {
  const explained = explain(failure(name, status), { ...ATTEMPTED, action });
  assert.ok(explained instanceof DependencyError);
  assert.equal(explained.code, "storage.denied");
  return explained.message;
}

function failure(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error("what S3 said"), { name, $metadata: { httpStatusCode } });
}
