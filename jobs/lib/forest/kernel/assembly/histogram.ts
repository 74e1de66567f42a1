// The twin of ../../histogram.ts: adds the records of a node into the bins of one column or several.
import { CODES } from "../layout";
import { classes, counts, histograms, order, stride } from "./state";

/** The column drawn as number `drawn`. */
@inline
export function columnAt(drawn: u32): u32 {
  return load<u32>(order + 4 * drawn);
}

/**
 * Binary records into cells of T: weight in the lower half, weight in the second class in the upper.
 * Several columns in one pass, since loading a record is what costs most.
 */
export function fillBinary<T>(from: usize, rows: u32, drawn: u32, count: u32): void {
  let to = histograms;
  while (count > 0) {
    // 6 = 3 + 3, 7 = 4 + 3, 8 = 4 + 4: no pass for a single column.
    const now: u32 = count > 8 || count == 5 ? 5 : count == 6 ? 3 : count > 6 ? 4 : count;
    if (now == 5) fill5<T>(from, rows, drawn, to);
    else if (now == 4) fill4<T>(from, rows, drawn, to);
    else if (now == 3) fill3<T>(from, rows, drawn, to);
    else if (now == 2) fill2<T>(from, rows, drawn, to);
    else fill1<T>(from, rows, drawn, to);
    to += now * CODES * sizeof<T>();
    drawn += now;
    count -= now;
  }
}

@inline
function cellOf<T>(record: usize): T {
  const weights = load<u32>(record + stride - 4);
  if (sizeof<T>() == 4) return <T>weights;
  return <T>((<u64>(weights & 0xffff)) | (<u64>(weights >> 16) << 32));
}

@inline
function addTo<T>(record: usize, column: usize, to: usize, cell: T, lane: usize): void {
  const at = to + lane * CODES * sizeof<T>() + <usize>load<u8>(record + column) * sizeof<T>();
  store<T>(at, load<T>(at) + cell);
}

function fill5<T>(from: usize, rows: u32, drawn: u32, to: usize): void {
  const a: usize = columnAt(drawn), b: usize = columnAt(drawn + 1), c: usize = columnAt(drawn + 2);
  const d: usize = columnAt(drawn + 3), e: usize = columnAt(drawn + 4);
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const cell = cellOf<T>(record);
    addTo<T>(record, a, to, cell, 0);
    addTo<T>(record, b, to, cell, 1);
    addTo<T>(record, c, to, cell, 2);
    addTo<T>(record, d, to, cell, 3);
    addTo<T>(record, e, to, cell, 4);
  }
}

function fill4<T>(from: usize, rows: u32, drawn: u32, to: usize): void {
  const a: usize = columnAt(drawn), b: usize = columnAt(drawn + 1), c: usize = columnAt(drawn + 2);
  const d: usize = columnAt(drawn + 3);
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const cell = cellOf<T>(record);
    addTo<T>(record, a, to, cell, 0);
    addTo<T>(record, b, to, cell, 1);
    addTo<T>(record, c, to, cell, 2);
    addTo<T>(record, d, to, cell, 3);
  }
}

function fill3<T>(from: usize, rows: u32, drawn: u32, to: usize): void {
  const a: usize = columnAt(drawn), b: usize = columnAt(drawn + 1), c: usize = columnAt(drawn + 2);
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const cell = cellOf<T>(record);
    addTo<T>(record, a, to, cell, 0);
    addTo<T>(record, b, to, cell, 1);
    addTo<T>(record, c, to, cell, 2);
  }
}

function fill2<T>(from: usize, rows: u32, drawn: u32, to: usize): void {
  const a: usize = columnAt(drawn), b: usize = columnAt(drawn + 1);
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const cell = cellOf<T>(record);
    addTo<T>(record, a, to, cell, 0);
    addTo<T>(record, b, to, cell, 1);
  }
}

function fill1<T>(from: usize, rows: u32, drawn: u32, to: usize): void {
  const a: usize = columnAt(drawn);
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    addTo<T>(record, a, to, cellOf<T>(record), 0);
  }
}

/** Records of classes into cells of one float64 a class. */
export function fillClasses(from: usize, rows: u32, column: usize): void {
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const code: usize = load<u8>(record + column);
    const at = histograms + 8 * (code * classes + load<u32>(record + step - 8));
    store<f64>(at, load<f64>(at) + <f64>load<u32>(record + step - 4));
    const count = counts + 4 * code;
    store<u32>(count, load<u32>(count) + 1);
  }
}

/**
 * Records of values into cells of weight and weighted value, in the order of the rows: `step` is
 * negative where a node has them in reverse. Values count from `origin`.
 */
export function fillValues(
  from: usize, rows: u32, step: isize, column: usize, origin: f64,
): void {
  let record = from;
  for (let i: u32 = 0; i < rows; i++, record += step) {
    const code: usize = load<u8>(record + column);
    const weight = <f64>load<u32>(record + stride - 4);
    const value = load<f64>(record + stride - 12) - origin;
    const at = histograms + 16 * code;
    v128.store(at, f64x2.add(v128.load(at), f64x2(weight, weight * value)));
    const count = counts + 4 * code;
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Counts the rows of each code. */
export function fillCounts(from: usize, rows: u32, column: usize): void {
  const end = from + rows * stride, step = stride;
  for (let record = from; record < end; record += step) {
    const count = counts + 4 * <usize>load<u8>(record + column);
    store<u32>(count, load<u32>(count) + 1);
  }
}

/** Empties bytes, a multiple of 16. */
@inline
export function clear(from: usize, bytes: usize): void {
  const end = from + ((bytes + 15) & ~15);
  for (let at = from; at < end; at += 16) v128.store(at, i64x2.splat(0));
}
