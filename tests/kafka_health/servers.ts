/** Servers that are no brokers, each in its way. */
import { provided, python } from "../job/task.ts";

/** A port of this machine on which nobody listens. */
export function unusedPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** A port that never accepts. */
export async function blackHole(): Promise<AsyncDisposable & { port: number }> {
  const process = new Deno.Command(provided("ML_TEST_PYTHON_KAFKA"), {
    args: ["tests/kafka_health/black_hole.py"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();
  const { value } = await reader.read();
  return {
    port: JSON.parse(value ?? "").port,
    [Symbol.asyncDispose]: async () => {
      await process.stdin.close();
      await reader.cancel();
      await process.status;
    },
  };
}

/** A server that shakes hands with a certificate for a host that ends in so many days. */
export async function tlsServer(
  host: string,
  days: number,
): Promise<AsyncDisposable & { bootstrapServers: string; caFile: string }> {
  const { authority = "", certificate = "", key = "" } = await python(
    "tests/kafka_health/certificate.py",
    [host, `${days}`],
    { interpreter: provided("ML_TEST_PYTHON_KAFKA") },
  ) as Partial<Record<"authority" | "certificate" | "key", string>>;
  const caFile = await Deno.makeTempFile();
  await Deno.writeTextFile(caFile, authority);
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert: certificate, key });
  const accepting = (async () => {
    for await (const connection of listener) {
      connection.handshake().catch(() => {}).finally(() => connection.close());
    }
  })().catch(() => {});
  return {
    bootstrapServers: `localhost:${listener.addr.port}`,
    caFile,
    [Symbol.asyncDispose]: async () => {
      listener.close();
      await accepting;
      await Deno.remove(caFile);
    },
  };
}
