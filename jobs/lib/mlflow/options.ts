/**
 * The options of every command that talks to MLflow, with MLflow's own variables.
 *
 * @module
 */
import { text, type Values } from "../config.ts";
import type { Log } from "../log.ts";
import { DEFAULT_TRACKING_URI, openStore } from "./open.ts";
import type { Store } from "./store.ts";
import { readVariables } from "./variables.ts";

/** Where the tracking server is and how to get in. */
export const trackingOptions = {
  trackingUri: {
    about: "MLflow server (http, https, a SageMaker ARN) or a folder for the embedded store",
    hint: "URI",
    parse: text(),
    env: "MLFLOW_TRACKING_URI",
    fallback: DEFAULT_TRACKING_URI,
  },
  trackingUsername: {
    about: "User of the MLflow server",
    hint: "",
    parse: text(),
    env: "MLFLOW_TRACKING_USERNAME",
    secret: true,
  },
  trackingPassword: {
    about: "Password of the MLflow server",
    hint: "",
    parse: text(),
    env: "MLFLOW_TRACKING_PASSWORD",
    secret: true,
  },
  trackingToken: {
    about: "Bearer token of the MLflow server",
    hint: "",
    parse: text(),
    env: "MLFLOW_TRACKING_TOKEN",
    secret: true,
  },
} as const;

/**
 * Opens the store that the options and MLflow's own variables name.
 *
 * @param signal ends what goes on with a server; ending a run still works
 */
export function openTracking(
  values: Values<typeof trackingOptions>,
  log: Log,
  signal?: AbortSignal,
): Promise<Store> {
  return openStore({
    trackingUri: values.trackingUri,
    username: values.trackingUsername,
    password: values.trackingPassword,
    token: values.trackingToken,
    variables: readVariables((name) => Deno.env.get(name)),
    log,
    ...(signal === undefined ? {} : { signal }),
  });
}
