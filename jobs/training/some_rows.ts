/** At most so many row numbers of all, evenly spread. */
export function someRows(rows: number, most: number): Uint32Array {
  const count = Math.min(rows, most);
  return Uint32Array.from({ length: count }, (_, at) => Math.floor(at * rows / count));
}
