/**
 * The parts of a well-formed parquet file: pages, footer.
 *
 * @module
 */
import { field, type Node, numberAt, readTree, writeTree } from "./thrift_tree.ts";

/** A page of a file. */
export interface PagePart {
  /** First byte of its header. */
  readonly start: number;
  readonly header: Node;
  /** First byte after the header. */
  readonly body: number;
  readonly end: number;
  /** Its column chunk in the footer. */
  readonly chunk: Node;
}

/** See the module. */
export interface Layout {
  readonly bytes: Uint8Array;
  readonly footer: Node;
  /** First byte of the footer. */
  readonly start: number;
  readonly pages: readonly PagePart[];
}

const TRAILER = 8;

/** Takes a file apart. */
export function layoutOf(bytes: Uint8Array): Layout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const start = bytes.length - TRAILER - view.getUint32(bytes.length - TRAILER, true);
  const { tree: footer } = readTree(bytes, start);
  return {
    bytes,
    footer,
    start,
    pages: chunksOf(footer).flatMap((chunk) => pagesOf(bytes, chunk)),
  };
}

/** Metadata of all column chunks. */
export function chunksOf(footer: Node): Node[] {
  const groups = field(footer, 4);
  if (groups?.kind !== "list") return [];
  return groups.items.flatMap((group) => {
    const columns = field(group, 1);
    return columns?.kind === "list" ? columns.items.flatMap((one) => field(one, 3) ?? []) : [];
  });
}

/** Puts a file together. */
export function withFooter(pages: Uint8Array, footer: Node): Uint8Array<ArrayBuffer> {
  const written = writeTree(footer);
  const bytes = new Uint8Array(pages.length + written.length + TRAILER);
  bytes.set(pages);
  bytes.set(written, pages.length);
  new DataView(bytes.buffer).setUint32(pages.length + written.length, written.length, true);
  bytes.set(new TextEncoder().encode("PAR1"), bytes.length - 4);
  return bytes;
}

/** The file with other bytes in the place of a page, to which the footer is fitted. */
export function withPage(layout: Layout, page: PagePart, ...parts: Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const moved = size - (page.end - page.start);
  const pages = new Uint8Array(layout.start + moved);
  pages.set(layout.bytes.subarray(0, page.start));
  let at = page.start;
  for (const part of parts) {
    pages.set(part, at);
    at += part.length;
  }
  pages.set(layout.bytes.subarray(page.end, layout.start), at);
  for (const chunk of chunksOf(layout.footer)) {
    for (const id of [9, 10, 11]) {
      const place = field(chunk, id);
      if (place?.kind === "number" && place.value > page.start) place.value += BigInt(moved);
    }
  }
  const total = field(page.chunk, 7);
  if (total?.kind === "number") total.value += BigInt(moved);
  return withFooter(pages, layout.footer);
}

function pagesOf(bytes: Uint8Array, chunk: Node): PagePart[] {
  const start = numberAt(chunk, 11) ?? numberAt(chunk, 9) ?? 0;
  const end = start + (numberAt(chunk, 7) ?? 0);
  const pages: PagePart[] = [];
  for (let at = start; at < end;) {
    const { tree: header, end: body } = readTree(bytes, at);
    const page = { start: at, header, body, end: body + (numberAt(header, 3) ?? 0), chunk };
    pages.push(page);
    at = page.end;
  }
  return pages;
}
