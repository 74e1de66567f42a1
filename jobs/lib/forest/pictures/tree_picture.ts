/**
 * The top of a tree, as a picture.
 *
 * @module
 */

import type { Tree } from "../forest.ts";
import { LEAF } from "../tree_table.ts";
import { escapeXml, picture, shortened } from "./svg.ts";

/** How a tree is drawn. */
export interface TreePictureOptions {
  /** Levels below the root; 3 unless told. */
  readonly levels?: number;
  /** What a leaf's values mean; its values unless told. */
  readonly leaf?: (values: Float32Array) => string;
}

const BOX = { width: 168, height: 40, gap: 12, drop: 56 } as const;

/**
 * Draws the first levels of a tree: what each node asks, where a missing value goes, and how much is
 * left out below.
 *
 * @param names Of the matrix columns.
 * @returns An SVG document.
 */
export function treePicture(
  tree: Tree,
  names: readonly string[],
  { levels = 3, leaf = plainLeaf }: TreePictureOptions = {},
): string {
  const drawing = new Drawing(tree, names, levels, leaf);
  const { columns, depth } = drawing.draw();
  const width = columns * (BOX.width + BOX.gap) + BOX.gap;
  const height = 44 + (depth + 1) * BOX.height + depth * BOX.drop + BOX.gap;
  const title = `The top of a tree of ${tree.feature.length} nodes`;
  const heading = `<text x="${BOX.gap}" y="24">${title}; yes is left</text>`;
  return picture(width, height, title, [heading, ...drawing.lines, ...drawing.boxes]);
}

class Drawing {
  readonly lines: string[] = [];
  readonly boxes: string[] = [];
  readonly #tree: Tree;
  readonly #names: readonly string[];
  readonly #levels: number;
  readonly #leaf: (values: Float32Array) => string;
  readonly #targets: number;
  /** Places at the bottom that are taken. */
  #columns = 0;
  #depth = 0;

  constructor(
    tree: Tree,
    names: readonly string[],
    levels: number,
    leaf: (values: Float32Array) => string,
  ) {
    this.#tree = tree;
    this.#names = names;
    this.#levels = levels;
    this.#leaf = leaf;
    this.#targets = tree.value.length / tree.feature.length;
  }

  /** Draws everything. @returns How wide and deep it became. */
  draw(): { columns: number; depth: number } {
    this.#node(0, 0);
    return { columns: this.#columns, depth: this.#depth };
  }

  /** Draws a node and what is below it. @returns The middle of its box. */
  #node(node: number, level: number): number {
    const { feature, left, right, missingLeft } = this.#tree;
    this.#depth = Math.max(this.#depth, level);
    if (feature[node] === LEAF || level === this.#levels) {
      const x = BOX.gap + (this.#columns++ + 0.5) * (BOX.width + BOX.gap) - BOX.gap / 2;
      this.#box(node, x, level);
      return x;
    }
    const yes = this.#node(left[node] as number, level + 1);
    const no = this.#node(right[node] as number, level + 1);
    const x = (yes + no) / 2;
    const top = this.#y(level) + BOX.height;
    for (const [child, side] of [[yes, 1], [no, 0]] as const) {
      this.lines.push(
        `<path class="line" d="M${x} ${top}L${child} ${top + BOX.drop}"/>`,
      );
      if (missingLeft[node] !== side) continue;
      const middle = (x + child) / 2 + (side === 1 ? -6 : 6);
      const anchor = side === 1 ? "end" : "start";
      this.lines.push(
        `<text class="faint" x="${middle}" y="${top + BOX.drop / 2}" ` +
          `text-anchor="${anchor}">missing</text>`,
      );
    }
    this.#box(node, x, level);
    return x;
  }

  #box(node: number, x: number, level: number): void {
    const y = this.#y(level);
    const [first, second] = this.#text(node, level);
    const text = (line: string, at: number, kind = "") =>
      `<text${kind} x="${x}" y="${y + at}" text-anchor="middle">${escapeXml(line)}</text>`;
    this.boxes.push(
      `<rect class="box" x="${x - BOX.width / 2}" y="${y}" width="${BOX.width}" ` +
        `height="${BOX.height}" rx="4"/>`,
      ...second === undefined
        ? [text(first, 25)]
        : [text(first, 17), text(second, 33, ' class="faint"')],
    );
  }

  #text(node: number, level: number): [string, string?] {
    const { feature, threshold, value } = this.#tree;
    const column = feature[node] as number;
    if (column === LEAF) {
      const values = value.subarray(node * this.#targets, (node + 1) * this.#targets);
      return [shortened(this.#leaf(values), 22)];
    }
    const name = shortened(this.#names[column] ?? `column ${column}`, 20);
    const asked = `≤ ${Number((threshold[node] as number).toPrecision(6))}`;
    return level < this.#levels ? [name, asked] : [name, `${asked} … ${this.#below(node)} below`];
  }

  /** How many nodes are below one. */
  #below(node: number): number {
    const { feature, left, right } = this.#tree;
    let count = -1;
    const open = [node];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      count++;
      if (feature[next] !== LEAF) open.push(left[next] as number, right[next] as number);
    }
    return count;
  }

  #y(level: number): number {
    return 44 + level * (BOX.height + BOX.drop);
  }
}

function plainLeaf(values: Float32Array): string {
  return Array.from(values, (value) => Number(value.toPrecision(4))).join(", ");
}
