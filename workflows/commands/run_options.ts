/**
 * The options of `pipeline run`.
 *
 * @module
 */
import { flag, integer, lines, list, type Options, text } from "../../jobs/lib/config.ts";
import { EXCEPTIONS, type ExceptionType } from "../local/mod.ts";
import { jsonOption, valuesOption } from "./options.ts";

/** `pipeline run`. */
export const runOptions = {
  definition: {
    about: "training, training-search, inference, or the file of a definition",
    hint: "NAME|FILE",
    parse: text(),
    required: true,
  },
  local: { about: "On this machine", hint: "", parse: flag(), fallback: "false" },
  set: {
    about: "A parameter of the pipeline",
    hint: "NAME=VALUE",
    parse: lines(),
    many: true,
    fallback: "",
  },
  scheduledTime: {
    about: "Nominal time of the run, which also names it; now unless told",
    hint: "TIME",
    parse: text(),
  },
  values: { ...valuesOption.values, fallback: "examples/flights/values.json" },
  testData: {
    about: "With generated data whose best possible accuracy is known, which must come out",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  corrupt: {
    about: "With --test-data: labels that mean nothing, so that the training must fail",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  command: {
    about: "Program in the place of an image, a function or a queue: training=dist/training",
    hint: "IMAGE=PROGRAM",
    parse: lines(),
    many: true,
    fallback: "",
  },
  images: {
    about: "Run the images themselves, by Docker or Podman",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  map: {
    about: "Folder in the place of a prefix of S3; others are in OUTPUT/s3",
    hint: "S3URI=DIR",
    parse: lines(),
    many: true,
    fallback: "",
  },
  s3: {
    about: "s3:// is S3 itself, or what AWS_ENDPOINT_URL_S3 names, instead of folders",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  passEnv: {
    about: "More variables of this shell that the jobs get",
    hint: "A,B",
    parse: list(),
    fallback: "",
  },
  output: {
    about: "Folder of the executions, their logs and pages",
    hint: "DIR",
    parse: text(),
    fallback: "./out/pipelines",
  },
  resume: {
    about: "Execution whose successful steps are kept; same parameters, same run",
    hint: "ID",
    parse: text(),
  },
  from: {
    about: "With --resume: the step to run again, and all after it",
    hint: "STEP",
    parse: text(),
  },
  parallel: {
    about: "Most steps at a time",
    hint: "N",
    parse: integer(1, 200),
    fallback: "4",
  },
  noCache: {
    about: "Run steps that are cached too",
    hint: "",
    parse: flag(),
    fallback: "false",
  },
  killAfter: {
    about: "From SIGTERM to SIGKILL, when a step is stopped or takes too long",
    hint: "TIME",
    parse: duration,
    fallback: "120s",
  },
  longestWait: {
    about: "Longest wait before a step is tried again, whatever its policy says",
    hint: "TIME",
    parse: duration,
    fallback: "12h",
  },
  fault: {
    about: `Act out a fault of SageMaker's, once each, to see the retries: ${
      EXCEPTIONS.join(", ")
    }`,
    hint: "STEP=FAULT",
    parse: faults,
    many: true,
    fallback: "",
  },
  ...jsonOption,
} satisfies Options;

/** Milliseconds. */
function duration(value: string): number {
  const [, count = "", unit = ""] = /^(\d{1,6})(ms|s|m|h)$/.exec(value) ?? [];
  const factor = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit];
  if (factor === undefined) throw new Error("it must be like 500ms, 90s, 15m or 2h");
  return Number(count) * factor;
}

function faults(value: string): ReadonlyMap<string, readonly ExceptionType[]> {
  const found = new Map<string, ExceptionType[]>();
  for (const line of lines()(value)) {
    const [step = "", name] = line.split("=", 2);
    const type = EXCEPTIONS.find((each) => each === name);
    if (type === undefined) throw new Error(`it must be STEP= one of ${EXCEPTIONS.join(", ")}`);
    found.set(step, [...found.get(step) ?? [], type]);
  }
  return found;
}
