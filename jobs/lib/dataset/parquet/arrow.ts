/**
 * Arrow's C data interface, read from the decoder's 32-bit memory. Values go straight from there into
 * our columns, without the two copies of an Arrow IPC stream.
 *
 * @see https://arrow.apache.org/docs/format/CDataInterface.html
 * @module
 */

/** A column's type, as Arrow's format string has it. */
export interface ArrowField {
  readonly name: string;
  /** `l` int64, `u` string, `tsu:UTC` timestamp, `+l` list … */
  readonly format: string;
  readonly children: readonly ArrowField[];
  /** The type of the values where the column holds indices into a dictionary. */
  readonly dictionary?: ArrowField;
}

/** A column's values; addresses are into {@linkcode ArrowArray.memory}. */
export interface ArrowArray {
  readonly memory: ArrayBuffer;
  readonly length: number;
  readonly nulls: number;
  /** Values to skip at the front of each buffer. */
  readonly offset: number;
  /** Addresses of the buffers, validity first; 0 is absent. */
  readonly buffers: readonly number[];
  readonly children: readonly ArrowArray[];
  readonly dictionary?: ArrowArray;
}

/** Reads the `struct ArrowSchema` at an address. */
export function readArrowSchema(memory: ArrayBuffer, address: number): ArrowField {
  const view = new DataView(memory);
  const pointer = (offset: number) => view.getUint32(address + offset, true);
  const children = Number(view.getBigInt64(address + 24, true));
  const dictionary = pointer(36);
  return {
    format: text(memory, pointer(0)),
    name: text(memory, pointer(4)),
    children: pointers(view, pointer(32), children).map((at) => readArrowSchema(memory, at)),
    ...(dictionary === 0 ? {} : { dictionary: readArrowSchema(memory, dictionary) }),
  };
}

/** Reads the `struct ArrowArray` at an address. */
export function readArrowArray(memory: ArrayBuffer, address: number): ArrowArray {
  const view = new DataView(memory);
  const long = (offset: number) => Number(view.getBigInt64(address + offset, true));
  const pointer = (offset: number) => view.getUint32(address + offset, true);
  const dictionary = pointer(48);
  return {
    memory,
    length: long(0),
    nulls: long(8),
    offset: long(16),
    buffers: pointers(view, pointer(40), long(24)),
    children: pointers(view, pointer(44), long(32)).map((at) => readArrowArray(memory, at)),
    ...(dictionary === 0 ? {} : { dictionary: readArrowArray(memory, dictionary) }),
  };
}

function pointers(view: DataView, address: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => view.getUint32(address + 4 * i, true));
}

const decoder = new TextDecoder();

function text(memory: ArrayBuffer, address: number): string {
  const rest = new Uint8Array(memory, address);
  return decoder.decode(rest.subarray(0, rest.indexOf(0)));
}
