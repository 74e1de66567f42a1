import type { Batch, Column } from "../column.ts";
import type { Target } from "../features/mod.ts";

/**
 * A model's predictions as a table, so that they are profiled and compared as data is: `prediction`, and
 * of two classes `probability_<second>`, of more `probability`, that of the predicted one.
 *
 * @param outputs one array a class in the target's order, or one of values
 */
export function predictionTable(target: Target, outputs: readonly Float32Array[]): Batch {
  const rows = outputs[0]?.length ?? 0;
  return { rows, columns: columnsOf(target, outputs, rows), file: "", firstRow: 0 };
}

function columnsOf(target: Target, outputs: readonly Float32Array[], rows: number): Column[] {
  const number = (name: string, values: Float64Array): Column => ({
    kind: "number",
    name,
    type: "float",
    values,
  });
  if (target.objective === "regression") {
    return [number("prediction", new Float64Array(outputs[0] ?? []))];
  }
  const codes = new Int32Array(rows);
  const best = new Float64Array(rows).fill(-Infinity);
  for (const [label, output] of outputs.entries()) {
    for (let row = 0; row < rows; row++) {
      const value = output[row] ?? NaN;
      if (!(value > (best[row] ?? Infinity))) continue;
      best[row] = value;
      codes[row] = label;
    }
  }
  const dictionary = target.classes.map(String);
  const [, second] = outputs;
  return [
    { kind: "string", name: "prediction", type: "string", codes, dictionary },
    dictionary.length === 2
      ? number(`probability_${dictionary[1]}`, new Float64Array(second ?? []))
      : number("probability", best),
  ];
}
