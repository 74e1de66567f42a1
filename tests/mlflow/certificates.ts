/**
 * TLS: whose certificates are trusted, and showing one of our own.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openStore } from "../../jobs/lib/mlflow/mod.ts";
import { provided, python, task } from "../job/task.ts";
import { useStore } from "./access.ts";
import { BACKENDS, scratch } from "./backends.ts";
import { refuses } from "./contract.ts";

const MAKE = new URL("../kafka_health/certificate.py", import.meta.url).pathname;
const PROXY = new URL("tls_proxy.py", import.meta.url).pathname;

/** A certificate for a name, its key, and the authority that vouches for it; PEM. */
interface Made {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

async function make(name: string): Promise<Made> {
  return await python(MAKE, [name, "2"]) as Made;
}

Deno.test("a server's certificate is checked by the authority that is named, or not at all if told", async () => {
  const { authority, certificate: cert, key } = await make("localhost");
  const behind = BACKENDS[1]?.uri ?? "";
  const serve = { hostname: "localhost", port: 0, cert, key, onListen: () => {} };
  const server = Deno.serve(serve, async (request) => {
    const { pathname, search, host } = new URL(request.url);
    // HTTP/2 has no such header.
    if ((request.headers.get("host") ?? host) !== host) return new Response("", { status: 400 });
    const hasBody = !["GET", "HEAD"].includes(request.method);
    const type = request.headers.get("content-type");
    return await fetch(`${behind}${pathname}${search}`, {
      method: request.method,
      headers: type === null ? {} : { "content-type": type },
      ...(hasBody ? { body: await request.bytes() } : {}),
    });
  });
  try {
    const trackingUri = `https://localhost:${server.addr.port}`;
    const serverCertPath = `${scratch}/ca.pem`;
    await Deno.writeTextFile(serverCertPath, authority);
    const started = performance.now();
    const plain = () => openStore({ trackingUri });
    await refuses(4, "mlflow.certificate", plain, /MLFLOW_TRACKING_SERVER_CERT_PATH/);
    assert.ok(performance.now() - started < 4000, "it tried again");
    await useStore(await openStore({ trackingUri, variables: { serverCertPath } }));
    await useStore(await openStore({ trackingUri, variables: { insecureTls: true } }));
    const none = { serverCertPath: `${scratch}/none.pem` };
    const open = () => openStore({ trackingUri, variables: none });
    await refuses(2, "mlflow.certificate-invalid", open, /none\.pem/);
  } finally {
    await server.shutdown();
  }
});

Deno.test("a server that wants a certificate of ours gets it, its authority checked or not", async () => {
  const [server, ours, strangers] = await Promise.all(["localhost", "us", "strangers"].map(make));
  assert.ok(server && ours && strangers);
  const file = async (name: string, text: string): Promise<string> => {
    await Deno.writeTextFile(`${scratch}/${name}`, text);
    return `${scratch}/${name}`;
  };
  await file("certificate.pem", server.certificate);
  await file("key.pem", server.key);
  await file("clients.pem", ours.authority);
  const serverCertPath = await file("authority.pem", server.authority);
  const clientCertPath = await file("own.pem", ours.certificate + ours.key);
  const unknown = await file("strangers.pem", strangers.certificate + strangers.key);
  const keyless = await file("keyless.pem", ours.certificate);
  const proxy = new Deno.Command(provided("ML_TEST_PYTHON"), {
    args: [PROXY, new URL(BACKENDS[1]?.uri ?? "").host, scratch],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = proxy.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const trackingUri = `https://localhost:${(await lines.read()).value?.trim()}`;
  try {
    for (const trusted of [{ serverCertPath }, { insecureTls: true }]) {
      await useStore(await openStore({ trackingUri, variables: { ...trusted, clientCertPath } }));
    }
    for (const wrong of [undefined, unknown]) {
      const variables = { serverCertPath, clientCertPath: wrong };
      const open = () => openStore({ trackingUri, variables });
      await refuses(4, "mlflow.certificate", open, /Set MLFLOW_TRACKING_CLIENT_CERT_PATH/);
    }
    const half = () =>
      openStore({ trackingUri, variables: { serverCertPath, clientCertPath: keyless } });
    await refuses(2, "mlflow.certificate-invalid", half, /keyless\.pem: there is no PRIVATE KEY/);
    // As a job, which may read less of its surroundings than a test.
    for (
      const trusted of [
        { MLFLOW_TRACKING_SERVER_CERT_PATH: serverCertPath },
        { MLFLOW_TRACKING_INSECURE_TLS: "true" },
      ]
    ) {
      const { code, log } = await task("training", ["promote", "--model=none", "--version=1"], {
        MLFLOW_TRACKING_URI: trackingUri,
        MLFLOW_TRACKING_CLIENT_CERT_PATH: clientCertPath,
        ...trusted,
      });
      assert.equal(code, 2, log);
      assert.match(log, /"mlflow.model-unknown"/);
    }
  } finally {
    await proxy.stdin.close();
    await lines.cancel();
    await proxy.status;
  }
});
