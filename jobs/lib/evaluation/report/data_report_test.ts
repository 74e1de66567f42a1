import assert from "node:assert/strict";
import fc from "fast-check";
import { type DataReportContent, renderDataReport } from "../mod.ts";

const CONTENT: DataReportContent = {
  run: "2013-10-01",
  model: { name: "late", version: "3" },
  scoredAt: "2013-10-02T06:00:00Z",
  rows: 965,
  statistics: { version: 0, dataset: { item_count: 965 }, features: [] },
  violations: [],
  drift: [
    {
      name: "temp",
      stability: 6.67,
      kolmogorov_smirnov: 0.9,
      missing_change: 0,
      drifted: true,
      description: "temp has moved: its stability index is 6.67, above 0.2",
    },
    {
      name: "carrier",
      stability: 0,
      jensen_shannon: 0.01,
      missing_change: 0.33,
      drifted: true,
      description: "carrier has moved: 33.4 % are missing instead of 0.0 %",
    },
    { name: "seats", stability: 0.02, missing_change: 0, drifted: false, description: "as it was" },
  ],
  predictions: [],
};

Deno.test("renderDataReport() says what has moved, and by what, also where only values are missing", () => {
  const page = renderDataReport(CONTENT);
  assert.match(page, /Fit to score.*2 of 3 distributions have moved/s);
  assert.match(page, /<li>temp has moved: its stability index is 6\.67, above 0\.2<\/li>/);
  assert.match(page, /<li>carrier has moved: 33\.4 % are missing instead of 0\.0 %<\/li>/);
  assert.doesNotMatch(page, /as it was/);
  const failed = renderDataReport({
    ...CONTENT,
    violations: [{
      feature_name: "carrier",
      constraint_check_type: "completeness_check",
      description: "too few carriers",
      severity: "error",
    }],
  });
  assert.match(failed, /Not as it should be.*too few carriers.*2 of 3 distributions have moved/s);
});

Deno.test("renderDataReport() is text and style only, whatever a column is called", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), (name) => {
      const [first] = CONTENT.drift;
      const bad = `${name}</style><script>alert(1)</script><img src=x>`;
      const page = renderDataReport({
        ...CONTENT,
        run: bad,
        drift: [{ ...first!, name: bad, description: `${bad} has moved` }],
      });
      assert.doesNotMatch(page, /<(script|img|link|iframe|object)\b/i);
      assert.doesNotMatch(page, /https?:\/\/|url\(|@import/);
    }),
    { numRuns: 50 },
  );
});
