/**
 * A double of AWS Service Quotas, as far as its lists: moto knows those of VPCs only.
 *
 * @see https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_ListServiceQuotas.html
 * @module
 */

/** Its address, and what it says. */
export interface QuotasDouble {
  readonly endpoint: string;
  set(name: string, value: number | undefined): void;
  deny(): void;
  stop(): Promise<void>;
}

/** Starts one in which the quotas of ml.m5.large are enough; that of spot training is a default. */
export function quotasDouble(): QuotasDouble {
  const values = new Map<string, number | undefined>([
    ["ml.m5.large for training job usage", 15],
    ["ml.m5.large for spot training job usage", 4],
    ["ml.m5.large for processing job usage", 2],
  ]);
  let denied = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (asked) => {
      const action = asked.headers.get("x-amz-target")?.split(".").at(-1);
      if (denied) {
        return answer({
          __type: "AccessDeniedException",
          Message: `not authorized to perform: servicequotas:${action}`,
        }, 400);
      }
      const { NextToken } = await asked.json();
      const defaults = action === "ListAWSDefaultServiceQuotas";
      const all = [...values].filter(([name, value]) =>
        value !== undefined && name.includes("spot") === defaults
      );
      // A quota a page: whoever reads the first only misses most of them.
      const at = Number(NextToken ?? 0);
      return answer({
        Quotas: all.slice(at, at + 1).map(([QuotaName, Value], i) => ({
          ServiceCode: "sagemaker",
          QuotaName,
          QuotaCode: `L-${at + i}`,
          Value,
        })),
        ...(at + 1 < all.length ? { NextToken: `${at + 1}` } : {}),
      });
    },
  );
  return {
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    set: (name, value) => void values.set(name, value),
    deny: () => void (denied = true),
    stop: () => server.shutdown(),
  };
}

function answer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/x-amz-json-1.1" },
  });
}
