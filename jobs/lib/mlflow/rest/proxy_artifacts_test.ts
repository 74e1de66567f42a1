import assert from "node:assert/strict";
import { UsageError } from "../../errors.ts";
import { encodePath, proxyPath } from "./proxy_artifacts.ts";

const server = "http://127.0.0.1:5000";

Deno.test("proxyPath() is the path below the proxy of this server", () => {
  assert.equal(proxyPath("mlflow-artifacts:/1/run/artifacts", server), "1/run/artifacts");
  assert.equal(proxyPath("mlflow-artifacts:/1/a%20b/", server), "1/a b");
  assert.equal(proxyPath("mlflow-artifacts://127.0.0.1:5000/1/run", server), "1/run");
});

Deno.test("proxyPath() refuses other hosts and what the server does not pass on", () => {
  for (
    const uri of ["mlflow-artifacts://evil:5000/1/run", "s3://bucket/1", "dbfs:/1", "file:///a"]
  ) {
    assert.throws(
      () => proxyPath(uri, server),
      (error: unknown) =>
        error instanceof UsageError && error.message.includes("--serve-artifacts"),
    );
  }
});

Deno.test("encodePath() keeps slashes only", () => {
  assert.equal(encodePath("a b/ü?#%.txt"), "a%20b/%C3%BC%3F%23%25.txt");
});
