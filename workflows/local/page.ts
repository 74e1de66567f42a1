/**
 * The page of an execution: its graph, its steps, its parameters. One file, without scripts.
 *
 * @module
 */
import { join } from "node:path";
import type { LocalDefinition } from "./shape.ts";
import type { Dependencies } from "./graph.ts";
import { graphPicture } from "./graph_picture.ts";
import { escape } from "./html.ts";
import type { ExecutionRecord, StepRecord } from "./record.ts";

/** Writes `index.html` into the folder of an execution. */
export async function writePage(
  folder: string,
  record: ExecutionRecord,
  definition: LocalDefinition,
  dependencies: Dependencies,
): Promise<void> {
  const file = join(folder, "index.html");
  const temporary = `${file}.${crypto.randomUUID()}.tmp`;
  await Deno.writeTextFile(temporary, page(record, definition, dependencies));
  await Deno.rename(temporary, file);
}

/** The page as HTML. */
export function page(
  record: ExecutionRecord,
  definition: Pick<LocalDefinition, "steps">,
  dependencies: Dependencies,
): string {
  const { pipeline, execution, status, started, ended, resumes, parameters, steps } = record;
  const facts: [string, string][] = [
    ["Pipeline", pipeline],
    ["Execution", execution],
    ...(resumes === undefined ? [] : [["Resumes", resumes] as [string, string]]),
    ["Began", started],
    ...(ended === undefined ? [] : [["Took", took(started, ended)] as [string, string]]),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${ended === undefined ? '<meta http-equiv="refresh" content="2">\n' : ""}<title>${
    escape(`${pipeline}: ${status}`)
  }</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escape(pipeline)} <span class="status ${status}">${status}</span></h1>
<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escape(value)}</dd>`).join("")}</dl>
<figure>${graphPicture(definition.steps, dependencies, steps)}</figure>
<h2>Steps</h2>
<table>
<thead><tr><th>Step</th><th>Type</th><th>Status</th><th>Took</th><th>Attempts</th><th>Notes</th></tr></thead>
<tbody>
${steps.map(row).join("\n")}
</tbody>
</table>
<h2>Parameters</h2>
<table>
<tbody>
${
    Object.entries(parameters).map(([name, value]) =>
      `<tr><th>${escape(name)}</th><td>${escape(String(value))}</td></tr>`
    ).join("\n")
  }
</tbody>
</table>
</body>
</html>
`;
}

function row(step: StepRecord): string {
  const { name, type, status, started, ended, attempts } = step;
  const cells = [
    escape(name),
    escape(type),
    `<span class="status ${status}">${status}</span>`,
    started !== undefined && ended !== undefined ? took(started, ended) : "",
    attempts === undefined ? "" : String(attempts),
    notes(step),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function notes({ reason, outcome, cached_from, resumed_from, logs = [], properties }: StepRecord) {
  const metrics = properties?.["FinalMetricDataList"];
  return [
    ...(reason === undefined ? [] : [`<pre>${escape(reason)}</pre>`]),
    ...(outcome === undefined ? [] : [`the conditions ${outcome ? "hold" : "do not hold"}`]),
    ...(cached_from === undefined ? [] : [`from the cache: execution ${escape(cached_from)}`]),
    ...(resumed_from === undefined ? [] : [`kept from execution ${escape(resumed_from)}`]),
    ...(Array.isArray(metrics)
      ? metrics.map(({ MetricName, Value }) =>
        `${escape(String(MetricName))} ${Number(Number(Value).toPrecision(6))}`
      )
      : []),
    ...logs.map((log) =>
      `<a href="${escape(log.split("/").map(encodeURIComponent).join("/"))}">${
        escape(log.split("/").at(-1) ?? log)
      }</a>`
    ),
  ].join("<br>");
}

function took(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
}

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0}
figure{margin:1.5rem 0;overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}
pre{margin:0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85rem}
.status{padding:.1rem .5rem;border-radius:1rem;font-size:.85rem;background:#8883}
.Succeeded{background:#2a823833;color:light-dark(#17612a,#7ee295)}
.Failed{background:#c0392b33;color:light-dark(#9c2116,#ff9d92)}
.Stopped{background:#b8860b33;color:light-dark(#7a5900,#ffd166)}
.Executing{background:#2470c233;color:light-dark(#174f8c,#8fc2ff)}
`;
