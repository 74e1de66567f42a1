import assert from "node:assert/strict";
import fc from "fast-check";
import { PlatformError } from "../errors.ts";
import {
  checkAlias,
  checkArtifactPath,
  checkKey,
  checkModelName,
  checkRunId,
  checkStage,
  toKey,
} from "./names.ts";

function refuses(check: () => void, name: string): void {
  assert.throws(check, PlatformError, JSON.stringify(name));
}

Deno.test("names that would leave the store's folder are refused everywhere", () => {
  const evil = ["", ".", "..", "../x", "a/../b", "/a", "a//b", "a/", "./a", "a/./b"];
  for (const name of evil) {
    refuses(() => checkKey("param", name), name);
    refuses(() => checkModelName(name), name);
    refuses(() => checkArtifactPath(name), name);
    refuses(() => checkAlias(name), name);
    refuses(() => checkRunId(name), name);
  }
  for (const name of ["a\\b", "a%2fb", "C:x", "a\nb", "a/b"]) {
    refuses(() => checkModelName(name), name);
  }
});

Deno.test("checkKey() takes what Python's MLflow takes", () => {
  for (const key of ["a", "a/b c", "größe:monat", "日本", "_x-1.5", "..a", "a".repeat(250)]) {
    checkKey("tag", key);
  }
  for (const key of ["a,b", "a=b", "€", "a\tb", "a(b)", "a".repeat(251)]) {
    refuses(() => checkKey("tag", key), key);
  }
});

Deno.test("toKey() always gives a key that checkKey() takes, and keeps good ones", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => {
    checkKey("metric", toKey(text));
  }));
  assert.equal(toKey("precision/größe (cm)"), "precision/größe _cm_");
  assert.equal(toKey("importance/time_hour:month"), "importance/time_hour:month");
});

Deno.test("checkAlias() reserves latest and v1 for MLflow only where an alias is set", () => {
  checkAlias("latest");
  refuses(() => checkAlias("Latest", true), "Latest");
  refuses(() => checkAlias("v12", true), "v12");
  checkAlias("champion", true);
});

Deno.test("checkStage() ignores case and gives MLflow's spelling", () => {
  assert.equal(checkStage("pRODUCTION"), "Production");
  refuses(() => checkStage("Live"), "Live");
});
