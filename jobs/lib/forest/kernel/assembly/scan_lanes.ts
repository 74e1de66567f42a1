// The best split of a node of very few binary records: every row is a lane of a vector, and is compared
// with every other. Nothing is counted into bins, so nothing depends on how many of these there are.
//
// Eight rows make a vector of two halves: what is wanted of the weights, and the same of the weights in
// the second class. A node has one or two such vectors, A and B.
import { bestScore, isBounded, keepBoundary, openColumn, settleBinary } from "./best";
import { columnAt } from "./histogram";
import { stride } from "./state";

/** Most rows of such a node. */
export const LANES: u32 = 16;
/** Most weight of such a node: a lane is a byte. */
export const LANE_WEIGHT: u32 = 255;

/** Added to codes it puts them in order as signed bytes, with missing, code 0, behind all others. */
const MISSING_RIGHT: i8 = 127;
/** The same, with missing before all others. */
const MISSING_LEFT: i8 = -128;

// Of the best boundary so far: its column and side, and of each row of the node the code, what is left
// of a boundary behind it, and whether there may be one.
let winner: u32 = 0;
let winnerLeft: bool = false;
let winnerScore: f64 = 0;
let codes = i8x16.splat(0);
let weights = i8x16.splat(0);
let seconds = i8x16.splat(0);
let allowed = i8x16.splat(0);

/**
 * Tries every boundary in the columns drawn as numbers `drawn` to `drawn + count - 1`.
 *
 * @returns true if one of the columns is not constant
 */
export function scanLanes(
  from: usize, rows: u32, drawn: u32, count: u32, weight: u32, second: u32,
): bool {
  const two = rows > 8;
  const rest = from + 8 * stride;
  const numbers = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
  const presentA = i8x16.lt_s(numbers, i8x16.splat(<i8>rows));
  const presentB = i8x16.lt_s(numbers, i8x16.splat(<i8>(rows - 8)));
  const pairsA = v128.and(pairsOf(from + stride - 4), presentA);
  let pairsB = i8x16.splat(0);
  if (two) pairsB = v128.and(pairsOf(rest + stride - 4), presentB);
  let varying = false;
  winner = count;
  winnerScore = bestScore;
  for (let k: u32 = 0; k < count; k++) {
    const column: usize = columnAt(drawn + k);
    const a = eightOf(from + column);
    let b = i8x16.splat(0);
    if (two) b = eightOf(rest + column);
    const knownA = v128.and(i8x16.ne(a, i8x16.splat(0)), presentA);
    const knownB = v128.and(i8x16.ne(b, i8x16.splat(0)), presentB);
    openColumn(<u32>column);
    const absent = v128.or(v128.andnot(pairsA, knownA), v128.andnot(pairsB, knownB));
    const missing = v128.any_true(absent);
    // What is left where all but the missing is: no threshold parts them if +Infinity occurs.
    let except = weight;
    if (missing && !isBounded) except -= sumOf(v128.andnot(pairsA, knownA)) + sumOf(v128.andnot(pairsB, knownB));
    if (trySide(k, a, b, knownA, knownB, pairsA, pairsB, two, false, except, weight, second)) varying = true;
    if (missing) trySide(k, a, b, knownA, knownB, pairsA, pairsB, two, true, weight, weight, second);
  }
  if (winner < count) settle(columnAt(drawn + winner), rows, weight, second);
  return varying;
}

/** Tries the boundaries of a column. @returns true if it is not constant */
@inline
function trySide(
  k: u32, a: v128, b: v128, knownA: v128, knownB: v128, pairsA: v128, pairsB: v128, two: bool,
  missingLeft: bool, except: u32, weight: u32, second: u32,
): bool {
  const bias = i8x16.splat(missingLeft ? MISSING_LEFT : MISSING_RIGHT);
  const keysA = i8x16.add(a, bias), keysB = i8x16.add(b, bias);
  // What rows weigh unless they are behind: each of a vector in turn, by turning it round.
  let leftA = i8x16.splat(0), leftB = leftA;
  let otherA = keysA, otherB = keysB, turnedA = pairsA, turnedB = pairsB;
  if (two) {
    for (let turn = 0; turn < 8; turn++) {
      leftA = i8x16.add(leftA, v128.andnot(turnedA, i8x16.gt_s(otherA, keysA)));
      leftB = i8x16.add(leftB, v128.andnot(turnedA, i8x16.gt_s(otherA, keysB)));
      leftA = i8x16.add(leftA, v128.andnot(turnedB, i8x16.gt_s(otherB, keysA)));
      leftB = i8x16.add(leftB, v128.andnot(turnedB, i8x16.gt_s(otherB, keysB)));
      otherA = turn1(otherA);
      otherB = turn1(otherB);
      turnedA = turn1(turnedA);
      turnedB = turn1(turnedB);
    }
  } else {
    for (let turn = 0; turn < 8; turn++) {
      leftA = i8x16.add(leftA, v128.andnot(turnedA, i8x16.gt_s(otherA, keysA)));
      otherA = turn1(otherA);
      turnedA = turn1(turnedA);
    }
  }
  const all = i8x16.splat(<i8>weight), excepted = i8x16.splat(<i8>except), half = i64x2(-1, 0);
  const partsA = v128.andnot(v128.and(knownA, half), i8x16.eq(leftA, all));
  const partsB = v128.andnot(v128.and(knownB, half), i8x16.eq(leftB, all));
  const allowedA = v128.andnot(partsA, i8x16.eq(leftA, excepted));
  const allowedB = v128.andnot(partsB, i8x16.eq(leftB, excepted));
  let highest = scoreEight(leftA, allowedA, weight, second);
  if (two) highest = f64x2.pmax(highest, scoreEight(leftB, allowedB, weight, second));
  const even = f64x2.extract_lane(highest, 0), odd = f64x2.extract_lane(highest, 1);
  const score = even > odd ? even : odd;
  if (score > winnerScore && v128.any_true(v128.or(allowedA, allowedB))) {
    winner = k;
    winnerLeft = missingLeft;
    winnerScore = score;
    codes = i64x2.shuffle(a, b, 0, 2);
    weights = i64x2.shuffle(leftA, leftB, 0, 2);
    seconds = i64x2.shuffle(leftA, leftB, 1, 3);
    allowed = i64x2.shuffle(allowedA, allowedB, 0, 2);
  }
  return v128.any_true(v128.or(partsA, partsB));
}

/** Makes the winner's boundary the best: of equally good ones the first. */
@inline
function settle(column: u32, rows: u32, weight: u32, second: u32): void {
  openColumn(column);
  const equal = v128.and(
    allowed,
    i8x16.narrow_i16x8_s(
      equalEight(winnerScore, i64x2.shuffle(weights, seconds, 0, 2), weight, second),
      equalEight(winnerScore, i64x2.shuffle(weights, seconds, 1, 3), weight, second),
    ),
  );
  const code = least(v128.or(codes, v128.not(equal)));
  const here = i8x16.eq(codes, i8x16.splat(<i8>code));
  const lane = i8x16.splat(<i8>ctz(i8x16.bitmask(v128.and(equal, here))));
  const w: u32 = i8x16.extract_lane_u(i8x16.swizzle(weights, lane), 0);
  const p: u32 = i8x16.extract_lane_u(i8x16.swizzle(seconds, lane), 0);
  keepBoundary(winnerScore, code, winnerLeft, w, p);
  const numbers = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const present = i8x16.lt_s(numbers, i8x16.splat(<i8>rows));
  const missing = v128.and(i8x16.eq(codes, i8x16.splat(0)), present);
  const behind = v128.and(i8x16.gt_u(codes, i8x16.splat(<i8>code)), present);
  // 256 if there is none behind.
  const next = v128.any_true(behind) ? least(v128.or(codes, v128.not(behind))) : 256;
  settleBinary(next, v128.any_true(missing), weight);
}

/** A byte of each of eight records, in both halves. */
@inline
function eightOf(at: usize): v128 {
  const s = stride;
  let v = v128.load8_splat(at);
  v = v128.load_lane<u8>(at + s, v, 1);
  v = v128.load_lane<u8>(at + 2 * s, v, 2);
  v = v128.load_lane<u8>(at + 3 * s, v, 3);
  at += 4 * s;
  v = v128.load_lane<u8>(at, v, 4);
  v = v128.load_lane<u8>(at + s, v, 5);
  v = v128.load_lane<u8>(at + 2 * s, v, 6);
  v = v128.load_lane<u8>(at + 3 * s, v, 7);
  return i64x2.shuffle(v, v, 0, 0);
}

/** The weights of eight records in one half, those in the second class in the other. */
@inline
function pairsOf(at: usize): v128 {
  const first = eightOf(at), second = eightOf(at + 2);
  return i64x2.shuffle(first, second, 0, 2);
}

/** Each half turned by a lane. */
@inline
function turn1(v: v128): v128 {
  return i8x16.shuffle(v, v, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8);
}

/** The highest scores in two lanes; not above 0 where no boundary is allowed. */
@inline
function scoreEight(left: v128, allowed: v128, weight: u32, second: u32): v128 {
  const w = i16x8.extend_low_i8x16_u(left), p = i16x8.extend_high_i8x16_u(left);
  const products = i16x8.mul(w, i16x8.sub(i16x8.splat(<i16>weight), w));
  const divisors = v128.or(products, i16x8.extend_low_i8x16_s(v128.not(allowed)));
  const low = apart(i16x8.shuffle(p, w, 0, 8, 1, 9, 2, 10, 3, 11), weight, second);
  const high = apart(i16x8.shuffle(p, w, 4, 12, 5, 13, 6, 14, 7, 15), weight, second);
  const a = i32x4.extend_low_i16x8_s(divisors), b = i32x4.extend_high_i16x8_s(divisors);
  return f64x2.pmax(
    f64x2.pmax(scoreTwo(low, a), scoreTwo(upper(low), upper(a))),
    f64x2.pmax(scoreTwo(high, b), scoreTwo(upper(high), upper(b))),
  );
}

/** Which of eight boundaries have a score. */
@inline
function equalEight(score: f64, left: v128, weight: u32, second: u32): v128 {
  const w = i16x8.extend_low_i8x16_u(left), p = i16x8.extend_high_i8x16_u(left);
  const products = i16x8.mul(w, i16x8.sub(i16x8.splat(<i16>weight), w));
  const low = apart(i16x8.shuffle(p, w, 0, 8, 1, 9, 2, 10, 3, 11), weight, second);
  const high = apart(i16x8.shuffle(p, w, 4, 12, 5, 13, 6, 14, 7, 15), weight, second);
  return i16x8.narrow_i32x4_s(
    equalFour(score, low, i32x4.extend_low_i16x8_s(products)),
    equalFour(score, high, i32x4.extend_high_i16x8_s(products)),
  );
}

@inline
function equalFour(score: f64, apart: v128, products: v128): v128 {
  const all = f64x2.splat(score);
  const low = f64x2.eq(scoreTwo(apart, products), all);
  const high = f64x2.eq(scoreTwo(upper(apart), upper(products)), all);
  return i32x4.shuffle(low, high, 0, 2, 4, 6);
}

/** Of pairs (p, w): p times the weight, less w times that in the second class. */
@inline
function apart(pairs: v128, weight: u32, second: u32): v128 {
  return i32x4.dot_i16x8_s(pairs, i32x4.splat(weight | ((0 - second) << 16)));
}

/** The scores of the lower two lanes, as binaryScore() has them. */
@inline
function scoreTwo(apart: v128, products: v128): v128 {
  const x = f64x2.convert_low_i32x4_s(apart);
  return f64x2.div(f64x2.mul(x, x), f64x2.convert_low_i32x4_s(products));
}

@inline
function upper(v: v128): v128 {
  return i64x2.shuffle(v, v, 1, 1);
}

/** The least of 16 unsigned bytes. */
@inline
function least(bytes: v128): u32 {
  let v = i8x16.min_u(bytes, upper(bytes));
  v = i8x16.min_u(v, i32x4.shuffle(v, v, 1, 0, 1, 0));
  v = i8x16.min_u(v, i16x8.shuffle(v, v, 1, 0, 1, 0, 1, 0, 1, 0));
  return min<u32>(i8x16.extract_lane_u(v, 0), i8x16.extract_lane_u(v, 1));
}

/** The sum of eight unsigned bytes. */
@inline
function sumOf(bytes: v128): u32 {
  const pairs = i16x8.extadd_pairwise_i8x16_u(bytes);
  const fours = i32x4.extadd_pairwise_i16x8_u(pairs);
  return i32x4.extract_lane(fours, 0) + i32x4.extract_lane(fours, 1);
}
