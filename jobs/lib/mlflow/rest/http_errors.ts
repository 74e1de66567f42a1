/**
 * What is said where a server does not answer as it should.
 *
 * @module
 */

import { z } from "zod";
import { DependencyError, issuesOf } from "../../errors.ts";
import type { Authorization } from "./authorization.ts";
import type { Answer, HttpRequest, Lost } from "./request.ts";

/** The JSON of a 2xx answer. @throws {DependencyError} `mlflow.answer-invalid` */
export function readJson<T>(answer: Answer, shape: z.ZodType<T>, url: string): T {
  const text = decoder.decode(answer.bytes);
  try {
    return shape.parse(JSON.parse(text));
  } catch (error) {
    const what = error instanceof z.ZodError
      ? `in a form that MLflow does not use (${issuesOf(error)})`
      : `with something that is not JSON (${JSON.stringify(text.slice(0, 60))})`;
    throw new DependencyError({
      code: "mlflow.answer-invalid",
      cannot: answer.request.cannot,
      found: `${url} answered ${what}`,
      todo: "Check that the tracking URI is an MLflow server's, and what proxies stand before it",
      place: { url },
    });
  }
}

/** The answer, unless the server refuses. @throws {DependencyError} `mlflow.refused` */
export function accepted(answer: Answer, url: string): Answer {
  if (answer.status >= 300) throw refused(answer, url);
  return answer;
}

/** True if the server knows the endpoint, but not what was asked for. */
export function isMissing({ status, errorCode }: Answer): boolean {
  return status === 404 && errorCode === "RESOURCE_DOES_NOT_EXIST";
}

/** An unexpected 4xx. */
export function refused(answer: Answer, url: string): DependencyError {
  const { errorCode, errorMessage } = answer;
  const code = errorCode ?? "no error code: is this an MLflow server?";
  // What stands before the server speaks HTML: "No required SSL certificate was sent".
  const said = errorCode === undefined ? plainText(answer.bytes) : errorMessage;
  return new DependencyError({
    code: "mlflow.refused",
    cannot: answer.request.cannot,
    found: `${url} answered ${answer.status} (${code}) ${said}`,
    todo: "Do what the server says, or look into its log",
    place: { url },
  });
}

/** A request that was not answered, or not well, for too long. */
export function gaveUp(
  request: HttpRequest,
  outcome: Lost,
  url: string,
): DependencyError {
  const answered = outcome.kind === "status";
  return new DependencyError({
    code: answered ? "mlflow.failed" : "mlflow.unreachable",
    cannot: request.cannot,
    found: outcome.found,
    todo: answered
      ? "Look into the MLflow server's log and run the same command again"
      : "Check that the MLflow server runs and that MLFLOW_TRACKING_URI or --tracking-uri names it",
    place: { url },
  });
}

/** 401 or 403. */
export function unauthorized(
  request: HttpRequest,
  url: string,
  status: number,
  detail: string,
  { remedy }: Authorization,
): DependencyError {
  const said = detail === ""
    ? (status === 401 ? "it wants credentials, or other ones" : "this user may not do that")
    : detail;
  return new DependencyError({
    code: "mlflow.unauthorized",
    cannot: request.cannot,
    found: `${url} answered ${status}: ${said}`,
    todo: remedy,
    place: { url },
  });
}

/** TLS: nobody we know vouches for the server. */
export function untrusted(request: HttpRequest, url: string, reason: string): DependencyError {
  return new DependencyError({
    code: "mlflow.certificate",
    cannot: request.cannot,
    found: `the certificate of ${url} is not trusted (${
      /invalid peer certificate: (.*)$/i.exec(reason)?.[1]?.slice(0, 200) ?? "unknown issuer"
    })`,
    todo: "Set MLFLOW_TRACKING_SERVER_CERT_PATH to the PEM file of its authority",
    place: { url },
  });
}

/** TLS: the server does not know us. */
export function unknownToServer(
  request: HttpRequest,
  url: string,
  reason: string,
): DependencyError {
  return new DependencyError({
    code: "mlflow.certificate",
    cannot: request.cannot,
    found: `${url} wants a certificate of ours, or another one (${
      /fatal alert: (\w+)/i.exec(reason)?.[1] ?? "refused"
    })`,
    todo:
      "Set MLFLOW_TRACKING_CLIENT_CERT_PATH to a PEM file with a certificate it knows and its key",
    place: { url },
  });
}

/** 3xx: we do not follow it with credentials. */
export function redirected(
  request: HttpRequest,
  url: string,
  status: number,
  location: string | null,
): DependencyError {
  return new DependencyError({
    code: "mlflow.answer-invalid",
    cannot: request.cannot,
    found: `${url} answered ${status} and points to ${location?.split("?")[0] ?? "nowhere"}`,
    todo: "Give the address it points to as tracking URI; a login page needs a token instead",
    place: { url },
  });
}

function plainText(page: Uint8Array): string {
  const text = decoder.decode(page.subarray(0, 4096)).replace(/<(style|script)[^]*?<\/\1>/gi, " ");
  return text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 120);
}

const decoder = new TextDecoder();
