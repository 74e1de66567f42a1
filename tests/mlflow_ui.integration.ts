/** A training as its people see it: in MLflow's own pages, and the report's page. */

import assert from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";
import { openStore } from "../jobs/lib/mlflow/mod.ts";
import { type PythonEnvironment, startMlflowServer } from "../scripts/services/mod.ts";
import { provided, task } from "./job/task.ts";

const CHROMIUM = Deno.env.get("ML_TEST_CHROMIUM") ?? "/usr/bin/chromium";
const there = await Deno.stat(CHROMIUM).then(() => true, () => false);
/** A page of MLflow's is a large program. */
const PATIENCE_MS = 60_000;

/** The servers whose pages are looked at; it takes the whole package to have pages. */
const SERVERS: readonly { version: string; environment?: PythonEnvironment }[] = [
  { version: "3.17" },
  ...(Deno.env.get("ML_TEST_EXTENDED") === "1"
    ? [
      { version: "3.0", environment: "mlflow3_ui" as const },
      { version: "2.16", environment: "mlflow2_ui" as const },
    ]
    : []),
];

for (const { version, environment } of SERVERS) {
  Deno.test({
    name: `the pages of MLflow ${version} and the report show a training without an error`,
    // Where CI runs, nothing is left out: the test then fails for want of a browser.
    ignore: !there && Deno.env.get("CI") !== "true",
    fn: async (t) => {
      const folder = await Deno.makeTempDir();
      const server = environment === undefined
        ? undefined
        : await startMlflowServer({ folder: `${folder}/server`, environment });
      try {
        await look(t, folder, server?.url ?? provided("ML_TEST_MLFLOW_URL"));
      } finally {
        await server?.kill();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function look(t: Deno.TestContext, folder: string, url: string): Promise<void> {
  const name = `flights-${crypto.randomUUID().slice(0, 8)}`;
  const trained = await task("train", [
    "--config=examples/flights/config.json",
    "--n-estimators=20",
    "--oob-score",
    `--model-name=${name}`,
    `--tracking-uri=${url}`,
    `--output=${folder}`,
  ]);
  assert.equal(trained.code, 0, trained.log);
  const run = await (await openStore({ trackingUri: url })).run(
    String(trained.summary["run_id"]),
  );
  const runPage = `${url}/#/experiments/${run.experimentId}/runs/${run.id}`;
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  });
  const shows = (page: Page, ...texts: readonly string[]) =>
    Promise.all(
      texts.map((text) =>
        page.getByText(text).first().waitFor({ state: "attached", timeout: PATIENCE_MS })
      ),
    );

  await t.step(
    "the run page has the parameters, metrics, datasets, model and card",
    () =>
      visit(browser, async (page) => {
        await page.goto(runPage);
        await shows(page, "n_estimators", "roc_auc", "oob_score_by_tree", "train (held out)", name);
        await shows(page, "Passed the quality gate");
      }),
  );

  await t.step(
    "its artifacts are previewed: the page, and pictures",
    () =>
      visit(browser, async (page) => {
        await page.goto(`${runPage}/artifacts/report.html`);
        const report = page.frameLocator("iframe");
        await report.getByText("What it relies on").waitFor({ timeout: PATIENCE_MS });
        await page.goto("about:blank");
        await page.goto(`${runPage}/artifacts/pictures/roc.svg`);
        const picture = page.locator("img[src^='blob:'], img[src*='roc.svg']").first();
        await picture.waitFor({ timeout: PATIENCE_MS });
        assert.equal(
          await picture.evaluate((image) => "naturalWidth" in image && image.naturalWidth),
          400,
        );
      }),
  );

  await t.step(
    "the model page has the version, its aliases and why it is champion",
    () =>
      visit(browser, async (page) => {
        await page.goto(`${url}/#/models/${name}/versions/1`);
        await shows(
          page,
          "champion",
          "challenger",
          "Passed the quality gate",
          "passed the quality",
        );
      }),
  );

  await t.step("the report fits a phone and a desk, by day and by night", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [360, 1280]) {
        await visit(browser, async (page) => {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize({ width, height: 800 });
          await page.goto(new URL(`file://${folder}/report.html`).href);
          const seen = await page.evaluate<Seen>(LOOK);
          assert.equal(seen.overflows, false, `${width} ${colorScheme}`);
          assert.ok(seen.contrast >= 4.5, `contrast ${seen.contrast} in ${colorScheme}`);
          assert.equal(seen.pictures, 6);
        });
      }
    }
  });

  await browser.close();
}

/** What {@linkcode LOOK} finds. */
interface Seen {
  readonly overflows: boolean;
  /** The least of all texts outside of pictures, as WCAG defines it. */
  readonly contrast: number;
  readonly pictures: number;
}

/** Runs in the page. */
const LOOK = `(() => {
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(Number)
      .map((part) => part / 255).map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    const clear = /, 0\\)$/.test(color) || color === "transparent";
    return clear ? ground(element.parentElement) : color;
  };
  const contrasts = [...document.querySelectorAll("main *:not(svg, svg *)")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((element) => [light(getComputedStyle(element).color), light(ground(element))].sort())
    .map(([dark, bright]) => (Math.max(dark, bright) + 0.05) / (Math.min(dark, bright) + 0.05));
  const root = document.documentElement;
  return {
    overflows: root.scrollWidth > root.clientWidth,
    contrast: Math.min(...contrasts),
    pictures: document.querySelectorAll("svg[role=img][aria-label]").length,
  };
})()`;

/** Opens a page of its own, in which nothing may fail. */
async function visit(browser: Browser, look: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  page.on("response", (response) => {
    // A server without users of its own says that it has none.
    if (response.status() >= 400 && !response.url().endsWith("/users/current")) {
      failures.push(`${response.status()} ${response.url()}`);
    }
  });
  try {
    await look(page);
  } catch (error) {
    await page.screenshot({ path: `${Deno.env.get("TMPDIR") ?? "/tmp"}/mlflow-ui.png` });
    throw error;
  } finally {
    await page.close();
  }
  assert.deepEqual(failures, []);
}
