/**
 * Getting in: AWS's signatures, and passwords.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { startMlflowServer } from "../../scripts/services/mod.ts";
import { openStore, type Store } from "../../jobs/lib/mlflow/mod.ts";
import { awsKeys, managedServer, sigv4Authorization } from "../../jobs/lib/mlflow/rest/mod.ts";
import { provided } from "../job/task.ts";
import { BACKENDS, scratch } from "./backends.ts";
import { refuses } from "./contract.ts";
import captured from "./sigv4_capture.json" with { type: "json" };

const ROLE = "arn:aws:iam::123456789012:role/mlflow";
const SERVER = "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-tracking-server/ml";
const APP = "arn:aws:sagemaker:eu-west-1:123456789012:mlflow-app/app-ABC123";
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");

Deno.test("signatures are those of SageMaker's Python plugin, bit for bit", async () => {
  assert.equal(captured.length, 4);
  for (const { method, path, headers, body } of captured) {
    const plain = Object.fromEntries(headers.map(([name = "", value = ""]) => [
      name.toLowerCase(),
      value,
    ]));
    const { authorization, "user-agent": _agent, connection: _connection, host, ...given } = plain;
    const arn = plain["x-sm-mlflow-app-arn"] ?? plain["x-mlflow-sm-tracking-server-arn"] ?? "";
    const { baseUrl: _, ...scope } = managedServer(arn);
    const date = plain["x-amz-date"]?.replace(
      /^(....)(..)(..)T(..)(..)(..)Z$/,
      "$1-$2-$3T$4:$5:$6Z",
    );
    const signer = sigv4Authorization(scope, () =>
      Promise.resolve({
        accessKeyId: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "SESSIONTOKEN/+=",
      }), () => new Date(date ?? ""));
    const signed = await signer.headers({
      method,
      url: new URL(`http://${host}${path}`),
      headers: given,
      bodyHash: () => Promise.resolve(sha256(body)),
    });
    assert.equal(signed["authorization"], authorization);
  }
});

Deno.test("managed servers answer where the plugin expects them, China's only where told", () => {
  const gov = "arn:aws-us-gov:sagemaker:us-gov-west-1:123456789012:mlflow-tracking-server/x";
  assert.equal(managedServer(SERVER).baseUrl, "https://eu-west-1.experiments.sagemaker.aws");
  assert.equal(managedServer(APP).baseUrl, "https://mlflow.sagemaker.eu-west-1.app.aws");
  assert.equal(managedServer(gov).baseUrl, "https://us-gov-west-1.experiments.sagemaker.aws");
  const china = "arn:aws-cn:sagemaker:cn-north-1:123456789012:mlflow-tracking-server/x";
  assert.throws(() => managedServer(china), /SAGEMAKER_MLFLOW_CUSTOM_ENDPOINT/);
  const told = managedServer(china, "https://mlflow.example.cn");
  assert.deepEqual([told.baseUrl, told.region], ["https://mlflow.example.cn", "cn-north-1"]);
});

/** As SageMaker: lets through what is signed for it and names its server, and nothing else. */
async function withGateway(
  header: string,
  service: string,
  secretOf: (accessKeyId: string) => string | undefined,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const behind = BACKENDS.at(-1)?.uri ?? "";
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const body = await request.bytes();
      const found = await check(request, body, service, secretOf);
      const known = [SERVER, APP].includes(request.headers.get(header) ?? "");
      if (found !== undefined || !known) {
        return Response.json({ message: found ?? "no such server" }, { status: 403 });
      }
      const { pathname, search } = new URL(request.url);
      const type = request.headers.get("content-type");
      const hasBody = !["GET", "HEAD"].includes(request.method);
      return await fetch(`${behind}${pathname}${search}`, {
        method: request.method,
        headers: type === null ? {} : { "content-type": type },
        ...(hasBody ? { body } : {}),
      });
    },
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

/** Signature Version 4, written from AWS's description; what is wrong, or undefined. */
async function check(
  request: Request,
  body: Uint8Array,
  service: string,
  secretOf: (accessKeyId: string) => string | undefined,
): Promise<string | undefined> {
  const { headers, method } = request;
  const url = new URL(request.url);
  const [, keyId = "", day = "", region = "", scope, names = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=(\S+), Signature=(\w+)$/
      .exec(headers.get("authorization") ?? "") ?? [];
  if (scope !== service) return `signed for ${scope}`;
  if (headers.get("x-amz-content-sha256") !== sha256(body)) return "another body";
  const secret = secretOf(keyId);
  if (secret === undefined) return "unknown key";
  if (secret === "") return headers.has("x-amz-security-token") ? undefined : "no session";
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const canonical = [
    method,
    url.pathname.split("/").map(encode).join("/"),
    [...url.searchParams].map(([k, v]) => `${encode(k)}=${encode(v)}`).sort().join("&"),
    ...names.split(";").map((name) => `${name}:${headers.get(name)?.trim()}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const text = [
    "AWS4-HMAC-SHA256",
    headers.get("x-amz-date"),
    `${day}/${region}/${service}/aws4_request`,
    sha256(canonical),
  ].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Uint8Array>(
    (key, part) => createHmac("sha256", key).update(part).digest(),
    `AWS4${secret}`,
  );
  const wanted = createHmac("sha256", key).update(text).digest("hex");
  return await Promise.resolve(wanted === signature ? undefined : "another signature");
}

/** Something of every kind of request. */
export async function useStore(store: Store): Promise<void> {
  const experimentId = await store.experiment(`Größe & 100% (a+b*~) ${crypto.randomUUID()}`);
  const run = await store.startRun({ experimentId, name: "r", tags: { kind: "signed" } });
  await store.log(run.id, { params: { a: "1" }, metrics: [{ key: "m", value: 1, timestamp: 1 }] });
  const bytes = new TextEncoder().encode("hello");
  await store.logArtifacts(run.id, [{ path: "some file (1).txt", bytes }]);
  const found = await store.runsTagged(experimentId, "kind", "signed");
  assert.deepEqual(found.map(({ id }) => id), [run.id]);
  const [file] = await store.downloadArtifacts(run.artifactUri);
  assert.deepEqual([file?.path, file?.bytes], ["some file (1).txt", bytes]);
  await store.endRun(run.id, "FINISHED");
}

Deno.test("SageMaker's tracking server and app are used with signed requests, artifacts on S3", async () => {
  const secretOf = (id: string) => id === "test" ? "test" : undefined;
  const kinds = [
    [SERVER, "x-mlflow-sm-tracking-server-arn", "sagemaker-mlflow"],
    [APP, "x-sm-mlflow-app-arn", "sagemaker"],
  ] as const;
  for (const [trackingUri, header, service] of kinds) {
    await withGateway(header, service, secretOf, async (sagemakerEndpoint) => {
      const store = await openStore({ trackingUri, variables: { sagemakerEndpoint } });
      assert.equal(store.uri, trackingUri);
      await useStore(store);
    });
  }
  await withGateway("x-sm-mlflow-app-arn", "sagemaker", () => "other", async (endpoint) => {
    const open = () => openStore({ trackingUri: APP, variables: { sagemakerEndpoint: endpoint } });
    await refuses(4, "mlflow.unauthorized", open, /AWS credentials/);
  });
});

Deno.test("a role is assumed for SageMaker's server, with a session that is renewed in time", async () => {
  Deno.env.set("AWS_ENDPOINT_URL_STS", provided("ML_TEST_S3"));
  try {
    const keys = awsKeys("eu-west-1", ROLE);
    const first = await keys();
    assert.match(first.accessKeyId, /^ASIA/);
    assert.ok(first.sessionToken);
    assert.equal(await keys(), first);
    // The double of STS gave the secret to nobody but us: that there is a session has to do.
    const secretOf = (id: string) => id.startsWith("ASIA") ? "" : undefined;
    const header = "x-mlflow-sm-tracking-server-arn";
    await withGateway(header, "sagemaker-mlflow", secretOf, async (sagemakerEndpoint) => {
      const variables = { sagemakerEndpoint, assumeRoleArn: ROLE };
      await useStore(await openStore({ trackingUri: SERVER, variables }));
    });
  } finally {
    Deno.env.delete("AWS_ENDPOINT_URL_STS");
  }
});

Deno.test("a server with basic authentication takes the password, and refuses another", async () => {
  const user = { username: "admin", password: "a password: with é" };
  await using server = await startMlflowServer({
    folder: `${scratch}/basic`,
    environment: "mlflow3",
    user,
  });
  await useStore(await openStore({ trackingUri: server.url, ...user }));
  const trackingUri = server.url;
  const use = async (wrong: Partial<typeof user>) => {
    const store = await openStore({ trackingUri, ...user, ...wrong });
    await store.experiment("x");
  };
  const error = await refuses(
    4,
    "mlflow.unauthorized",
    () => use({ password: "geheim" }),
    /MLFLOW_TRACKING_PASSWORD/,
  );
  assert.ok(!error.message.includes("geheim"));
});
