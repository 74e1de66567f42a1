/**
 * Servers that are down, slow, overloaded, broken, or no MLflow server at all.
 *
 * @module
 */

import assert from "node:assert/strict";
import { openStore, type StoreOptions } from "../../jobs/lib/mlflow/mod.ts";
import { refuses } from "./contract.ts";

type Handler = (path: string, call: number) => Response | Promise<Response>;

/** Answers `/version` as MLflow does and gives every other request to the handler. */
async function withServer(
  handler: Handler,
  use: (url: string, calls: string[]) => Promise<void>,
): Promise<void> {
  const calls: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.body?.cancel();
      const { pathname } = new URL(request.url);
      if (pathname === "/version") return new Response("3.17.2");
      calls.push(`${request.method} ${pathname.replace("/api/2.0/mlflow/", "")}`);
      return await handler(pathname, calls.length);
    },
  );
  try {
    await use(`http://127.0.0.1:${server.addr.port}`, calls);
  } finally {
    await server.shutdown();
  }
}

const failing = (status: number, headers: Record<string, string> = {}) => () =>
  Response.json({ error_code: "BUSY", message: "try later" }, { status, headers });
const run = (id: string) =>
  Response.json({
    run: { info: { run_id: id, experiment_id: "1", artifact_uri: "", status: "RUNNING" } },
  });
const quick: StoreOptions = { retryForMs: 4000, timeoutMs: 500 };

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("a server that is down is named within seconds, without the password", async () => {
  const url = `http://127.0.0.1:${freePort()}`;
  const withPassword = url.replace("//", "//me:secret@");
  const started = performance.now();
  const error = await refuses(
    4,
    "mlflow.unreachable",
    () => openStore({ trackingUri: withPassword }),
  );
  assert.ok(performance.now() - started < 8000);
  assert.ok(error.message.includes(url), error.message);
  assert.ok(!error.message.includes("secret"));
  assert.equal(error.place.url, url);
});

Deno.test("overload and failures are waited out where that is safe", async () => {
  let bad = 2;
  const flaky: Handler = () => bad-- > 0 ? failing(bad === 1 ? 429 : 503)() : run("r1");
  await withServer(flaky, async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    assert.equal((await store.run("r1")).id, "r1");
    assert.equal(calls.length, 3);
  });
});

Deno.test("what makes a run is repeated when refused for load, but not after a failure", async () => {
  const start = { experimentId: "1", name: "r", tags: {} };
  await withServer((_, call) => call === 1 ? failing(429)() : run("r1"), async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    await store.startRun(start);
    assert.deepEqual(calls, ["POST runs/create", "POST runs/create"]);
  });
  await withServer(failing(500), async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    const error = await refuses(4, "mlflow.failed", () => store.startRun(start), /500: try later/);
    assert.ok(error.message.includes(url));
    assert.deepEqual(calls.filter((call) => call.endsWith("create")), ["POST runs/create"]);
  });
});

Deno.test("what is logged again after a crash is whole, though the server refuses a NaN it has", async () => {
  const message =
    "(sqlite3.IntegrityError) UNIQUE constraint failed: metrics.key, metrics.timestamp";
  const duplicate = () => Response.json({ error_code: "BAD_REQUEST", message }, { status: 400 });
  const point = (value: number) => ({ key: "m", value, timestamp: 1 });
  // The whole, the rest of it, the NaN alone.
  const strict: Handler = (_, call) => call === 2 ? Response.json({}) : duplicate();
  await withServer(strict, async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    await store.log("r1", { metrics: [point(NaN), point(1)] });
    assert.equal(calls.length, 3);
    await refuses(4, "mlflow.refused", () => store.log("r1", { metrics: [point(1)] }), /UNIQUE/);
  });
});

Deno.test("a server that asks for more time than there is, is not waited for", async () => {
  await withServer(failing(429, { "retry-after": "3600" }), async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    await refuses(4, "mlflow.failed", () => store.run("r1"));
    assert.equal(calls.length, 1);
  });
});

Deno.test("a server that never answers is given up", async () => {
  const hold = Promise.withResolvers<void>();
  const options = { retryForMs: 0, timeoutMs: 300 };
  await withServer(() => hold.promise.then(() => run("r1")), async (url) => {
    const store = await openStore({ ...options, timeoutMs: 3000, trackingUri: url });
    const slow = await openStore({ ...options, trackingUri: url });
    await refuses(4, "mlflow.unreachable", () => slow.run("r1"), /within 0\.3 s/);
    hold.resolve();
    assert.equal((await store.run("r1")).id, "r1");
  });
});

Deno.test("an answer that breaks off is not taken for a whole one", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answers = ["content-length: 6\r\n\r\n3.17.2", 'content-length: 99\r\n\r\n{"run"'];
  const serving = (async () => {
    for (const answer of answers) {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(4096));
      const response = `HTTP/1.1 200 OK\r\nconnection: close\r\n${answer}`;
      await connection.write(new TextEncoder().encode(response));
    }
  })();
  const trackingUri = `http://127.0.0.1:${listener.addr.port}`;
  const store = await openStore({ retryForMs: 0, timeoutMs: 5000, trackingUri });
  await refuses(4, "mlflow.unreachable", () => store.run("r1"));
  await serving;
});

Deno.test("an answer that is not MLflow's is explained", async () => {
  const page = () => new Response("<!doctype html><title>Log in</title>");
  await withServer(page, async (url) => {
    const store = await openStore({ ...quick, trackingUri: url });
    await refuses(4, "mlflow.answer-invalid", () => store.run("r1"), /not JSON.*doctype/);
  });
  await withServer(() => Response.json({ run: { info: {} } }), async (url) => {
    const store = await openStore({ ...quick, trackingUri: url });
    await refuses(4, "mlflow.answer-invalid", () => store.run("r1"), /run_id/);
  });
  const login = () =>
    new Response(null, { status: 302, headers: { location: "https://login.example/?token=x" } });
  await withServer(login, async (url) => {
    const store = await openStore({ ...quick, trackingUri: url });
    const error = await refuses(
      4,
      "mlflow.answer-invalid",
      () => store.run("r1"),
      /login\.example/,
    );
    assert.ok(!error.message.includes("token=x"));
  });
  const nginx = "<html><title>400</title>\r\n<h1>No required SSL certificate was sent</h1></html>";
  await withServer(() => new Response(nginx, { status: 400 }), async (url) => {
    const store = await openStore({ ...quick, trackingUri: url });
    const said = /is this an MLflow server\?\) 400 No required SSL certificate was sent\./;
    await refuses(4, "mlflow.refused", () => store.run("r1"), said);
  });
});

Deno.test("credentials are sent as Python sends them, and never shown", async () => {
  const seen: (string | null)[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    seen.push(request.headers.get("authorization"));
    return new Response("no", { status: 401 });
  });
  const trackingUri = `http://127.0.0.1:${server.addr.port}`;
  for (const given of [{ username: "me", password: "geheim-é" }, { token: "geheim" }]) {
    const error = await refuses(
      4,
      "mlflow.unauthorized",
      () => openStore({ ...given, trackingUri }),
    );
    assert.ok(!error.message.includes("geheim"));
  }
  await server.shutdown();
  assert.deepEqual(seen, ["Basic bWU6Z2VoZWltLcOp", "Bearer geheim"]);
});

Deno.test("artifacts that the server does not pass on are refused before anything is sent", async () => {
  const dbfs = (): Response =>
    Response.json({
      run: {
        info: { run_id: "r1", experiment_id: "1", artifact_uri: "dbfs:/1/r1/artifacts" },
      },
    });
  await withServer(dbfs, async (url, calls) => {
    const store = await openStore({ ...quick, trackingUri: url });
    const artifacts = [{ path: "a", bytes: new Uint8Array(1) }];
    const upload = () => store.logArtifacts("r1", artifacts);
    await refuses(2, "mlflow.artifact-root-unsupported", upload, /--serve-artifacts/);
    assert.deepEqual(calls, ["GET runs/get"]);
  });
});

Deno.test("a tracking URI that is not supported is refused with those that are", async () => {
  const uris = [
    "databricks",
    "sqlite:///mlflow.db",
    "arn:aws:sagemaker:us-east-1:1:mlflow-tracking-server/x",
    "arn:aws-cn:sagemaker:cn-north-1:123456789012:mlflow-tracking-server/x",
    "arn:aws:sagemaker:us-east-1:123456789012:endpoint/x",
    "http://",
    "file://host/x",
    import.meta.filename ?? "",
  ];
  for (const trackingUri of uris) {
    await refuses(2, "mlflow.tracking-uri-invalid", () => openStore({ trackingUri }));
  }
});
