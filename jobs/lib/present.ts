/** The entries whose value is neither undefined nor empty. */
export function present(
  entries: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, value]) => value ? [[name, value]] : []),
  );
}
