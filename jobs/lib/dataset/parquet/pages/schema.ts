/**
 * The tree of columns in a footer.
 *
 * @module
 */
import { Malformed } from "./malformed.ts";
import { THRIFT, type ThriftReader } from "./thrift.ts";

/** A column that has values. */
export interface Leaf {
  /** Names from the root down, with dots. */
  readonly path: string;
  /** Physical type: 0 is BOOLEAN; see parquet.thrift. */
  readonly type: number;
  /** Whether a row can have several values. */
  readonly repeated: boolean;
  /** What its bytes stand for, where the decoder does not say it. */
  readonly meaning?: Meaning;
}

/** Bytes that are a text: as they are, or 16 of them in hexadecimal. */
export type Meaning = "enum" | "uuid";

/** Deeper than any schema; the decoder walks it with its stack. */
const DEEPEST = 64;
const PHYSICAL_TYPES = 8;
const FIXED = 7;
const REPEATED = 2;
const ENUM_CONVERTED = 4;
/** Fields of the union LogicalType. */
const LOGICAL: Readonly<Record<number, Meaning>> = { 4: "enum", 14: "uuid" };

interface Element {
  name: string;
  type?: number;
  length?: number;
  repetition?: number;
  children: number;
  meaning?: Meaning | undefined;
}

/** Reads the list of elements, a tree in the order of a walk. @throws {Malformed} */
export function readSchema(reader: ThriftReader): Leaf[] {
  const elements: Element[] = [];
  reader.list(() => elements.push(readElement(reader)));
  const [root] = elements;
  if (root === undefined) throw new Malformed("its schema is empty");
  const leaves: Leaf[] = [];
  // The branches that are open, with how many children they still wait for.
  const open = [{ path: "", repeated: false, left: root.children }];
  for (const element of elements.slice(1)) {
    while (open.at(-1)?.left === 0) open.pop();
    const parent = open.at(-1);
    if (parent === undefined) throw new Malformed("its schema has more columns than it counts");
    parent.left--;
    const path = parent.path === "" ? element.name : `${parent.path}.${element.name}`;
    const repeated = parent.repeated || element.repetition === REPEATED;
    if (element.children > 0) {
      if (open.length >= DEEPEST) {
        throw new Malformed(`its columns are nested more than ${DEEPEST} deep`);
      }
      open.push({ path, repeated, left: element.children });
    } else leaves.push(leafOf(element, path, repeated));
  }
  if (open.some(({ left }) => left > 0)) {
    throw new Malformed("its schema has fewer columns than it counts");
  }
  return leaves;
}

function leafOf(
  { type = -1, length = 0, meaning }: Element,
  path: string,
  repeated: boolean,
): Leaf {
  if (type < 0 || type >= PHYSICAL_TYPES) {
    throw new Malformed(`its physical type is ${type}`, { column: path });
  }
  if (type === FIXED && length <= 0) {
    throw new Malformed(`its values have ${length} bytes`, { column: path });
  }
  return { path, type, repeated, ...(meaning === undefined ? {} : { meaning }) };
}

function readElement(reader: ThriftReader): Element {
  const element: Element = { name: "", children: 0 };
  reader.struct((id, type) => {
    if (id === 4 && type === THRIFT.BINARY) element.name = reader.text();
    if (id === 10 && type === THRIFT.STRUCT) {
      reader.struct((logical) => element.meaning = LOGICAL[logical] ?? element.meaning);
    }
    if (type !== THRIFT.I32) return;
    if (id === 1) element.type = reader.integer();
    else if (id === 2) element.length = reader.integer();
    else if (id === 3) element.repetition = reader.integer();
    else if (id === 5) element.children = reader.integer();
    else if (id === 6 && reader.integer() === ENUM_CONVERTED) element.meaning = "enum";
  });
  if (element.children < 0) {
    throw new Malformed(`it has ${element.children} columns below it`, { column: element.name });
  }
  return element;
}
