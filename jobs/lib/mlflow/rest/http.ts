/**
 * HTTP to one MLflow server: time-outs, retries, the stop signal, and errors a user understands.
 *
 * @module
 */

import type { z } from "zod";
import type { DependencyError } from "../../errors.ts";
import { type Log, silentLog } from "../../log.ts";
import { isContent } from "../artifacts/content.ts";
import { attempt, type Connection } from "./attempt.ts";
import { accepted, gaveUp, readJson } from "./http_errors.ts";
import { type Answer, type HttpRequest, isLost, type Lost } from "./request.ts";
import { backoffMs, isOver, isRetriable, mayHaveActed } from "./retry.ts";
import { pause, stopOf } from "./stop.ts";

/** Path of MLflow's REST API. */
export const API = "/api/2.0/mlflow";

/** How to reach a server. */
export interface HttpOptions extends Connection {
  /** How long a failing request is repeated before giving up. */
  readonly retryForMs: number;
  /** How often at most; without a limit unless told. */
  readonly maxRetries?: number | undefined;
  /** How long the first wait before a repetition is. */
  readonly backoffMs?: number | undefined;
  /** For what may not be sent twice: never on a connection that was used before. */
  readonly careful: Deno.HttpClient;
  /** Ends what goes on, except requests that are `afterStop`. */
  readonly signal?: AbortSignal | undefined;
  readonly log?: Log | undefined;
}

/** Talks to one server. */
export interface Http {
  readonly baseUrl: string;
  /**
   * @returns The answer, which may be a refusal (4xx other than 401, 403 and 429).
   * @throws {DependencyError} `mlflow.unreachable`, `mlflow.unauthorized`, `mlflow.failed`,
   * `mlflow.answer-invalid`
   */
  send(request: HttpRequest): Promise<Answer>;
  /** As `send`, refusals thrown (`mlflow.refused`) and the JSON checked. */
  json<T>(request: HttpRequest, shape: z.ZodType<T>): Promise<T>;
}

/** Patience once we are to stop, or the server has used up our patience before. */
const LAST_WORD_MS = 5000;
/** How often the server is asked for what a lost answer may have told: it may still be at it. */
const LOOKS = 3;

/** See {@linkcode Http}. */
export function connectHttp(options: HttpOptions): Http {
  const { baseUrl } = options;
  const log = options.log ?? silentLog;

  let lost = false;
  const giveUp = (request: HttpRequest, outcome: Lost): DependencyError => {
    lost = true;
    return gaveUp(request, outcome, baseUrl);
  };

  const send = async (given: HttpRequest): Promise<Answer> => {
    const hurry = lost || options.signal?.aborted === true;
    const request = withPatience(given, options, hurry);
    const idempotent = request.idempotent ?? request.method === "GET";
    const mostRetries = options.maxRetries ?? Infinity;
    let until = Date.now() + request.retryForMs;
    let furthest = 0;
    for (let tries = 1;; tries++) {
      using stop = stopOf(options.signal, request, idempotent);
      const client = idempotent ? options.client : options.careful;
      const outcome = await attempt({ ...options, client }, request, stop.signal);
      if (!isLost(outcome)) {
        lost = false;
        return outcome;
      }
      const came = request.download?.furthest ?? 0;
      const isFirst = tries === 1 && request.body !== undefined && isContent(request.body);
      if (came > furthest || isFirst) {
        // What is large takes its time: patience is for what fails.
        [furthest, tries] = [came, 1];
        until = Date.now() + request.retryForMs;
      }
      if (!idempotent && mayHaveActed(outcome)) {
        const found = await look(request, outcome).catch(() => {
          throw giveUp(request, outcome);
        });
        if (found !== undefined) return found;
      }
      const asked = outcome.kind === "status" ? outcome.retryAfterMs ?? 0 : 0;
      const wait = Math.max(backoffMs(tries - 1, options.backoffMs), asked);
      // Looked for in vain, so it was not made, unless the server may still be at it.
      const safe = idempotent || (request.find !== undefined && isOver(outcome));
      const again = isRetriable(outcome, safe) && tries <= mostRetries &&
        Date.now() + wait <= until;
      if (!again) throw giveUp(request, outcome);
      log.warn("MLflow did not answer, trying again", { found: outcome.found, attempt: tries });
      await pause(wait, stop.signal);
    }
  };

  const look = async ({ find }: HttpRequest, outcome: Lost): Promise<Answer | undefined> => {
    if (find === undefined) return undefined;
    log.warn("MLflow's answer was lost, looking for what it did", { found: outcome.found });
    for (let looked = 0; looked < LOOKS; looked++) {
      if (looked > 0) await pause(backoffMs(looked, options.backoffMs), options.signal);
      const found = await find();
      if (found !== undefined) return found;
    }
    return undefined;
  };

  return {
    baseUrl,
    send,
    async json(request, shape) {
      return readJson(accepted(await send(request), baseUrl), shape, baseUrl);
    },
  };
}

type Patient = HttpRequest & { readonly retryForMs: number; readonly timeoutMs: number };

function withPatience(request: HttpRequest, options: HttpOptions, hurry: boolean): Patient {
  const most = request.afterStop && hurry ? LAST_WORD_MS : Infinity;
  return {
    ...request,
    retryForMs: Math.min(most, request.retryForMs ?? options.retryForMs),
    timeoutMs: Math.min(most, request.timeoutMs ?? options.timeoutMs),
  };
}
