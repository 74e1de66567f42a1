/**
 * Tracking and registry as the jobs see them; the file store and the REST client both implement it.
 * Names and semantics are MLflow's (https://mlflow.org/docs/latest/api_reference/rest-api.html).
 *
 * @module
 */

/** How a run ended, or that it goes on. */
export type RunStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

/** A run's identity. */
export interface Run {
  /** MLflow's id, 32 hexadecimal digits. */
  readonly id: string;
  /** Id of the experiment it belongs to. */
  readonly experimentId: string;
  /** The name MLflow shows; need not be unique. */
  readonly name: string;
  /** Root of its artifacts. */
  readonly artifactUri: string;
  /** How it ended, or `RUNNING`. */
  readonly status: RunStatus;
}

/** One point of a metric. NaN and infinities are allowed. */
export interface Metric {
  /** Its name; slashes group metrics. */
  readonly key: string;
  /** The value at this step. */
  readonly value: number;
  /** Where on the curve the point is; 0 unless told. */
  readonly step?: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** The logged model it describes ({@linkcode LoggedModel.id}); MLflow 3 shows it there too. */
  readonly modelId?: string;
  /** The dataset it was measured on, as logged with {@linkcode TrackingStore.logInput}. */
  readonly dataset?: { readonly name: string; readonly digest: string };
}

/** What one call logs; any size: the store splits it at the server's limits. */
export interface RunData {
  /** Inputs of the run; a param never changes once it is logged. */
  readonly params?: Readonly<Record<string, string>>;
  /** Points of metrics, in any order. */
  readonly metrics?: readonly Metric[];
  /** Notes on the run; later values replace earlier ones. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A dataset that a run read. */
export interface DatasetInput {
  /** The name MLflow shows. */
  readonly name: string;
  /** At most 36 characters. */
  readonly digest: string;
  /** Kind of the source: `local`, `s3`, `http`. */
  readonly sourceType: string;
  /** Where it is, as MLflow shows it: `{ "uri": … }`, of `http` `{ "url": … }`. */
  readonly source: Readonly<Record<string, unknown>>;
  /** Its columns, as MLflow shows them: `{ "mlflow_colspec": [ … ] }`. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** Numbers about it, as MLflow shows them: `{ "num_rows": … }`. */
  readonly profile?: Readonly<Record<string, unknown>>;
  /** What it was used for: `training`, `evaluation`. */
  readonly context: string;
}

/** A file to keep with a run or a model. */
export interface Artifact {
  /** Slash-separated, relative: `model/MLmodel`. */
  readonly path: string;
  /** Its content. */
  readonly bytes: Uint8Array;
}

/** A file of this machine to keep with a run; memory does not grow with it. */
export interface LocalFile {
  /** As {@linkcode Artifact.path}. */
  readonly path: string;
  /** Where it is now. */
  readonly file: string;
}

/** What {@linkcode TrackingStore.logModel} takes. */
export interface ModelToLog {
  /** The run that trained it. */
  readonly run: Run;
  /** What it is logged as. */
  readonly name: string;
  /** The files of its bundle. */
  readonly files: readonly Artifact[];
  /** What it was trained with. */
  readonly params?: Readonly<Record<string, string>>;
  /** What was measured of it. */
  readonly metrics?: readonly Metric[];
  /** Notes on it. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What {@linkcode ModelRegistry.register} takes. */
export interface VersionToRegister {
  /** Name of the registered model. */
  readonly name: string;
  /** What becomes a version of it. */
  readonly model: LoggedModel;
  /** The run that trained it. */
  readonly runId: string;
  /** Notes on it. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Markdown that MLflow shows with it. */
  readonly description?: string;
}

/** A model that was logged, ready to be registered. */
export interface LoggedModel {
  /** `m-…` on servers and stores that know logged models (MLflow 3); undefined on MLflow 2. */
  readonly id?: string;
  /** Name it was logged as. */
  readonly name: string;
  /** What a registered version's `source` must be. */
  readonly source: string;
  /** Where its files are. */
  readonly artifactUri: string;
}

/** One version of a registered model. */
export interface ModelVersion {
  /** Name of the registered model. */
  readonly name: string;
  /** A number from 1. */
  readonly version: string;
  /** The run that trained it; `""` if MLflow does not know. */
  readonly runId: string;
  /** {@linkcode LoggedModel.source} of the model. */
  readonly source: string;
  /** `None`, `Staging`, `Production`, `Archived`. */
  readonly stage: string;
  /** Aliases that point to it. */
  readonly aliases: readonly string[];
  /** Notes on it. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Tracking: experiments, runs, artifacts, logged models. */
export interface TrackingStore {
  /** Where it is, without credentials. */
  readonly uri: string;
  /** Version of MLflow whose formats it speaks (`3.17.2`); undefined where a server hides it. */
  readonly mlflowVersion?: string;
  /**
   * Id of the experiment of that name, created if need be.
   * @throws {UsageError} `mlflow.experiment-deleted`, `mlflow.name-invalid`
   */
  experiment(name: string): Promise<string>;
  /** Starts a run in an experiment. */
  startRun(
    run: { experimentId: string; name: string; tags: Readonly<Record<string, string>> },
  ): Promise<Run>;
  /** The run of that id. @throws {UsageError} `mlflow.run-unknown` */
  run(id: string): Promise<Run>;
  /** The runs of an experiment that have a tag of that value, newest first. */
  runsTagged(experimentId: string, key: string, value: string): Promise<Run[]>;
  /** Makes a run go on that was ended or left behind. @throws {UsageError} `mlflow.run-unknown` */
  resumeRun(id: string): Promise<Run>;
  /**
   * Logs params, metrics and tags; may be repeated.
   * @throws {UsageError} `mlflow.param-changed`, `mlflow.name-invalid`
   */
  log(runId: string, data: RunData): Promise<void>;
  /** Notes that the run read a dataset. */
  logInput(runId: string, input: DatasetInput): Promise<void>;
  /** Keeps files with the run, below {@linkcode Run.artifactUri}. */
  logArtifacts(runId: string, artifacts: readonly (Artifact | LocalFile)[]): Promise<void>;
  /**
   * Uploads the files of a model bundle and marks it ready; also linked as the run's output. The
   * metrics are logged to the run too, linked with the model.
   */
  logModel(model: ModelToLog): Promise<LoggedModel>;
  /**
   * The model of that name that a run logged, the newest of several.
   * @throws {UsageError} `mlflow.run-unknown`, `mlflow.model-unlogged`
   */
  loggedModel(runId: string, name: string): Promise<LoggedModel>;
  /** Ends a run, also after the stop signal; it can still be logged to. */
  endRun(runId: string, status: Exclude<RunStatus, "RUNNING">): Promise<void>;
  /** All files below an artifact URI of this store, paths relative to it. */
  downloadArtifacts(artifactUri: string): Promise<Artifact[]>;
}

/** The registry: models, versions, aliases, stages. */
export interface ModelRegistry {
  /** Creates the registered model if need be, then a new version of it. */
  register(version: VersionToRegister): Promise<ModelVersion>;
  /** The version of that number. @throws {UsageError} `mlflow.model-unknown`, `mlflow.version-unknown` */
  version(name: string, version: string): Promise<ModelVersion>;
  /** All versions, highest first. @throws {UsageError} `mlflow.model-unknown` */
  versions(name: string): Promise<ModelVersion[]>;
  /** What an alias points to. @throws {UsageError} `mlflow.model-unknown`, `mlflow.alias-unknown` */
  versionByAlias(name: string, alias: string): Promise<ModelVersion>;
  /** Newest version in a stage. @throws {UsageError} `mlflow.model-unknown`, `mlflow.stage-empty` */
  versionByStage(name: string, stage: string): Promise<ModelVersion>;
  /** The highest version. @throws {UsageError} `mlflow.model-unknown`, `mlflow.version-unknown` */
  latestVersion(name: string): Promise<ModelVersion>;
  /** As {@linkcode versionByAlias}, but undefined where model or alias is missing. */
  findAlias(name: string, alias: string): Promise<ModelVersion | undefined>;
  /** Points an alias to a version, away from any other. @throws {UsageError} `mlflow.version-unknown` */
  setAlias(name: string, alias: string, version: string): Promise<void>;
  /** Moves a version to a stage; others in `Staging` or `Production` there become `Archived`. */
  setStage(name: string, version: string, stage: string): Promise<void>;
  /** Tags a version; other tags stay. @throws {UsageError} `mlflow.version-unknown` */
  setVersionTags(
    name: string,
    version: string,
    tags: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Removes a tag of a version, if it is there, also after the stop signal. */
  deleteVersionTag(name: string, version: string, key: string): Promise<void>;
  /** Removes an alias, if it is there. */
  deleteAlias(name: string, alias: string): Promise<void>;
  /** Where the files of a version are, for {@linkcode TrackingStore.downloadArtifacts}. */
  artifactUri(version: ModelVersion): Promise<string>;
  /**
   * Waits for a lock of that model's, which ends with the process that has it. Undefined in stores that
   * have none; {@linkcode inTurn} makes do with all.
   */
  readonly lock?: (name: string) => Promise<Disposable>;
}

/** Both, as every backend offers them. */
export type Store = TrackingStore & ModelRegistry;
